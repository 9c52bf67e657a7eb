"""A value shown to the user: passed through, and part of the run's results."""

from collections.abc import Mapping

from psynapse.errors import ConversionError
from psynapse.kinds.base import Evaluation, Port, Ports
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.operation import Operation
from psynapse.model.workflow import Node

INPUT = "input"
_PORTS = Ports(inputs=(Port(INPUT),), any_handle=True, one_input=True)


class ViewKind:
    """``viewNode``: one input, which is also its value. Unconnected, it shows null."""

    default_name = "View"

    def ports(self, node: Node, catalog: Catalog) -> Ports:  # noqa: ARG002 -- every kind is asked alike
        """One input of any type."""
        return _PORTS

    def pattern(self, node: Node) -> None:
        """Each is looked at by itself."""

    def judges_by_type(self, ports: Ports) -> bool:  # noqa: ARG002 -- every kind is asked alike
        """Each is looked at by itself."""
        return False

    def input_order(self, handle: str) -> tuple[int, str]:
        """There is only one."""
        return (0, handle)

    def bad_values(self, ports: Ports) -> tuple[ConversionError, ...]:  # noqa: ARG002 -- every kind is asked alike
        """A view has no values of its own."""
        return ()

    def evaluate(
        self, constants: Mapping[str, Json], wired: tuple[str, ...], operation: Operation | None
    ) -> Evaluation:
        """The value itself."""
        del constants, operation
        return Evaluation(function=_same, args=(None,), positions=dict.fromkeys(wired, 0))


def _same(value: object) -> object:
    return value
