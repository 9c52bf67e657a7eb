"""Taking over the tasks of an earlier plan that are still the same, so that what was made of them can be used again."""

from collections.abc import Mapping, Sequence
from typing import Final

from psynapse.model.ids import Json
from psynapse.planning.plan import Plan, Task

# A list or dict may be changed where it is. The earlier plan would have changed with it, and look the same.
UNCHANGING: Final = frozenset({str, int, float, bool, type(None)})
"""The types whose values stay what they were."""


def adopt(tasks: Sequence[Task], previous: Plan) -> tuple[Task, ...]:
    """``tasks``, those of ``previous`` in place of equal ones that stand where they stood."""
    known = previous.tasks
    same = [earlier if _is_same(task, earlier) else task for task, earlier in zip(tasks, known, strict=False)]
    return (*same, *tasks[len(same) :])


def _is_same(task: Task, earlier: Task) -> bool:
    node, kind, name, ref, constants, inputs, blocked = task
    return (
        node == earlier.node
        and inputs == earlier.inputs
        and name == earlier.name
        and kind == earlier.kind
        and ref == earlier.ref
        and blocked == earlier.blocked
        and _are_same(constants, earlier.constants)
    )


def _are_same(constants: Mapping[str, Json], earlier: Mapping[str, Json]) -> bool:
    """Equal to the last type: to Python 1, 1.0 and True are equal, and so are 0.0 and -0.0."""
    if len(constants) != len(earlier):
        return False
    for name, value in constants.items():
        kind = type(value)
        if kind not in UNCHANGING or name not in earlier:
            return False
        before = earlier[name]
        if type(before) is not kind or value != before or (kind is float and repr(value) != repr(before)):
            return False
    return True
