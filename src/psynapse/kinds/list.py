"""Several inputs gathered into one list."""

from collections.abc import Mapping
from functools import lru_cache

from psynapse.errors import ConversionError
from psynapse.kinds.base import Evaluation, Port, Ports
from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.model.operation import Operation
from psynapse.model.types import TypeExpr
from psynapse.model.workflow import Node

_PREFIX = "input-"
# Handles that are not listed count as well, so listing more of a long list would only cost time.
_MOST_SHOWN = 100


class ListKind:
    """``listNode``: inputs ``input-0``, ``input-1``, …; any number may be connected, gaps are skipped."""

    default_name = "List"

    def ports(self, node: Node, catalog: Catalog) -> Ports:  # noqa: ARG002 -- every kind is asked alike
        """As many inputs as the editor shows. More may be connected: an edge to a higher number counts as well."""
        count = node.data.get("inputCount")
        shown = min(count, _MOST_SHOWN) if isinstance(count, int) else 1
        return Ports(inputs=_inputs(shown), outputs=(Port("output", TypeExpr("list")),), any_handle=True)

    def pattern(self, node: Node) -> None:
        """Each is looked at by itself."""

    def judges_by_type(self, ports: Ports) -> bool:  # noqa: ARG002 -- every kind is asked alike
        """Each is looked at by itself."""
        return False

    def input_order(self, handle: str) -> tuple[int, str]:
        """By number, so that ``input-10`` comes after ``input-9``."""
        number = handle.removeprefix(_PREFIX)
        return (int(number), handle) if number.isascii() and number.isdigit() and len(number) < 10 else (0, handle)  # noqa: PLR2004 -- a longer number is not an index

    def bad_values(self, ports: Ports) -> tuple[ConversionError, ...]:  # noqa: ARG002 -- every kind is asked alike
        """A list has no values of its own."""
        return ()

    def evaluate(
        self, constants: Mapping[str, Json], wired: tuple[str, ...], operation: Operation | None
    ) -> Evaluation:
        """Take the connected values in the order given."""
        del constants, operation
        positions = {port: position for position, port in enumerate(wired)}
        return Evaluation(function=_gather, args=(None,) * len(wired), positions=positions)


@lru_cache(maxsize=64)
def _inputs(count: int) -> tuple[Port, ...]:
    """Shared by all lists of one length: a workflow may have many long ones."""
    return tuple(Port(f"{_PREFIX}{index}") for index in range(count))


def _gather(*items: object) -> list[object]:
    return list(items)
