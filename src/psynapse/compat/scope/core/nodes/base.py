"""The base of nodes, and how they describe themselves."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field


class NodePort(BaseModel):
    """An input or output. ``port_type``: audio, video, number, string, boolean, trigger, or a package's own word."""

    name: str
    port_type: str
    required: bool = True
    description: str = ""
    default_value: Any = None


class NodeParam(BaseModel):
    """A parameter with a widget; ``ui`` has ``min``, ``max``, ``step`` and ``options``."""

    name: str
    param_type: Literal["number", "string", "boolean", "select"]
    default: Any = None
    description: str = ""
    ui: dict[str, Any] | None = None
    min_value: float | None = None
    max_value: float | None = None
    step: float | None = None
    options: list[str] | None = None
    convertible_to_input: bool = True


class NodeDefinition(BaseModel):
    """A node as editors show it."""

    node_type_id: str
    display_name: str
    category: str = "general"
    description: str = ""
    inputs: list[NodePort] = Field(default_factory=list[NodePort])
    outputs: list[NodePort] = Field(default_factory=list[NodePort])
    params: list[NodeParam] = Field(default_factory=list[NodeParam])
    continuous: bool = False
    pipeline_meta: dict[str, Any] | None = None
    plugin_name: str | None = None


class BaseNode(ABC):
    """A node. Those without a config have ``node_type_id``, ``get_definition`` and ``execute``."""

    node_type_id: ClassVar[str] = ""

    def __init__(self, node_id: str = "", config: Mapping[str, Any] | None = None) -> None:
        self.node_id = node_id
        self.config = dict(config or {})

    @classmethod
    def get_config_class(cls) -> Any:
        """The config of a pipeline; None for other nodes."""
        return None

    @classmethod
    @abstractmethod
    def get_definition(cls) -> NodeDefinition:
        """The node as editors show it."""

    @classmethod
    def get_artifacts(cls) -> list[Any]:
        """What is to be downloaded before it is used."""
        return list(getattr(cls.get_config_class(), "artifacts", ()))

    @classmethod
    def get_dynamic_output_ports(cls, params: Mapping[str, Any]) -> set[str]:
        """Outputs that depend on its parameters."""
        del params
        return set()

    def execute(self, inputs: dict[str, Any], **_params: Any) -> Any:
        """Values by output; what is None goes nowhere."""
        raise NotImplementedError(f"{type(self).__name__} has no execute")

    def shutdown(self) -> None:
        """It is not needed any more."""
        return


Node = BaseNode
