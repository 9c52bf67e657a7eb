"""The base of pipelines, and what one wants before its next call."""

from abc import ABC
from typing import Any

from pydantic import BaseModel

from scope.core.nodes.base import Node, NodeDefinition, NodePort
from scope.core.pipelines.base_schema import BasePipelineConfig


class Requirements(BaseModel):
    """How many frames of each connected video the next call wants."""

    input_size: int


class Pipeline(Node, ABC):
    """A stateful node that works on frames in chunks. Subclasses need not call ``super().__init__``.

    It is created with every default of its config that is not None, called with ``video`` as a list of frames of shape
    (1, H, W, C) from 0 to 255, and returns a dict whose ``video`` is (T, H, W, C) from 0 to 1.
    """

    @classmethod
    def get_config_class(cls) -> type[BasePipelineConfig] | None:
        """The config: its fields are the parameters."""
        return BasePipelineConfig

    @classmethod
    def get_definition(cls) -> NodeDefinition:
        """The pipeline as a node, from its config."""
        config = cls.get_config_class() or BasePipelineConfig
        return NodeDefinition(
            node_type_id=config.pipeline_id,
            display_name=config.pipeline_name,
            category="pipeline",
            description=config.pipeline_description,
            inputs=[_port(port) for port in config.inputs],
            outputs=[_port(port) for port in config.outputs],
            pipeline_meta=config.get_schema_with_metadata(),
        )

    def __init__(self, **_parameters: Any) -> None:
        """Most subclasses have one of their own; what they do not take arrives here or nowhere."""

    def prepare(self, **_parameters: Any) -> Requirements | None:
        """What the next call wants; None for no frames."""
        return None

    def __call__(self, **_parameters: Any) -> Any:
        """Work on one chunk; returns a dict of outputs, an empty one for nothing yet."""
        raise NotImplementedError(f"{type(self).__name__} has no __call__")

    def execute(self, inputs: dict[str, Any], **parameters: Any) -> Any:
        """The same for who calls it as a node."""
        return self(**{**parameters, **inputs})


def _port(port: str | NodePort) -> NodePort:
    return NodePort(name=port, port_type="video") if isinstance(port, str) else port
