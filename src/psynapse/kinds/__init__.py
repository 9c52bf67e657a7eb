"""What each node kind means: its ports for planning, its evaluation for running."""

from collections.abc import Mapping

from psynapse.kinds.base import NodeKind
from psynapse.kinds.function import FunctionKind
from psynapse.kinds.list import ListKind
from psynapse.kinds.variable import VariableKind
from psynapse.kinds.view import ViewKind

KINDS: Mapping[str, NodeKind] = {
    "functionNode": FunctionKind(),
    "variableNode": VariableKind(),
    "listNode": ListKind(),
    "viewNode": ViewKind(),
}
"""The one table of node kinds, by the ``type`` in a workflow's JSON."""
