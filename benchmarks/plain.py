"""The yardstick: a list of functions with their inputs in topological order, and the obvious loop over it."""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.graphs import GATHER, Graph, Step

Functions = Mapping[str, Callable[..., object]]
Input = tuple[int, object]
"""The number of the call whose value is meant; or -1 and the value itself."""
Call = tuple[Callable[..., object], tuple[Input, ...]]


def plain_plan(graph: Graph, functions: Functions) -> list[Call]:
    """The graph as calls with their inputs in the order of the function's parameters."""
    return [_call(step, functions) for step in graph]


def run_plain(plan: Sequence[Call]) -> object:
    """The value of the last call."""
    values: list[object] = []
    for function, inputs in plan:
        values.append(function(*[values[source] if source >= 0 else value for source, value in inputs]))
    return values[-1]


def arguments(step: Step, functions: Functions) -> list[str]:
    """The parameters of a step that are given, in the order of the function's definition."""
    if step.function == GATHER:
        return list(step.inputs)
    function = functions[step.function]
    code = getattr(function, "__code__", None) or function.__call__.__code__
    given = {*step.constants, *step.inputs}
    return [name for name in code.co_varnames[: code.co_argcount] if name in given]


def callable_of(step: Step, functions: Functions) -> Callable[..., object]:
    """What to call for a step; a class node is made anew each time."""
    if step.function == GATHER:
        return make_list
    function = functions[step.function]
    return _instance_caller(function) if isinstance(function, type) else function


def make_list(*items: object) -> list[object]:
    """Its arguments as a list."""
    return list(items)


def _call(step: Step, functions: Functions) -> Call:
    return callable_of(step, functions), tuple(_input(step, name) for name in arguments(step, functions))


def _input(step: Step, name: str) -> Input:
    return (step.inputs[name], None) if name in step.inputs else (-1, step.constants[name])


def _instance_caller(cls: Callable[[], Callable[..., object]]) -> Callable[..., object]:
    def call(*args: object) -> object:
        return cls()(*args)

    return call
