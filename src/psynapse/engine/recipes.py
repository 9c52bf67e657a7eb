"""Calls of a program: what happens when a task is run, decided before the first is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from psynapse.kinds.base import BareArguments, Evaluation
from psynapse.model.ids import Json
from psynapse.model.operation import Operation
from psynapse.planning.plan import Input

Wire: TypeAlias = tuple[int, int, str | None, Callable[[object], object] | None, type | None, bool, str]
"""The position a value goes to (-1: by keyword), the task it comes from, a key to select, the converter, the type that
needs none, whether nobody else wants the value afterwards, and the port for messages."""

Call: TypeAlias = tuple[
    Callable[..., object], tuple[object, ...], Mapping[str, object] | None, tuple[Wire, ...], tuple[Wire, ...], int
]
"""The function, its arguments with gaps, its keyword arguments, the wires that fill gaps, those that go by keyword,
and where it runs."""

LAST: Final = 1
"""The fate of a value that is let go with the only task that takes it."""

_Slot: TypeAlias = tuple[int, Callable[[object], object] | None, type | None]
"""Of a wire: the position, the converter, and the type that needs none."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What a call in another process needs besides its arguments."""

    operation: Operation
    bare_arguments: BareArguments | None


def make_call(evaluation: Evaluation, inputs: Sequence[Input], place: int, fates: bytes) -> Call:
    """The call of a task with these ``inputs``. ``fates`` says what becomes of each task's value."""
    function, args, kwargs, positions, conversions, exact, _, _ = evaluation
    by_position: list[Wire] = []
    by_keyword: list[Wire] = []
    for port, source, key in inputs:
        position = positions.get(port, -1)
        wire = (position, source, key, conversions.get(port), exact.get(port), fates[source] == LAST, port)
        (by_keyword if position < 0 else by_position).append(wire)
    given = kwargs if kwargs or by_keyword else None
    return function, args, given, tuple(by_position), tuple(by_keyword), place


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the calls are made of tasks that differ only in their values and in where their inputs come from."""

    function: Callable[..., object]
    names: tuple[str, ...]
    slots: tuple[_Slot, ...]
    place: int
    remote: Remote | None

    def call(self, constants: Mapping[str, Json], inputs: Sequence[Input], fates: bytes) -> Call:
        """What ``make_call`` makes, in a third of the time."""
        if len(inputs) == 1:
            ((position, convert, exact),) = self.slots
            ((port, source, key),) = inputs
            wires = ((position, source, key, convert, exact, fates[source] == LAST, port),)
        else:
            wires = tuple(
                [
                    (position, source, key, convert, exact, fates[source] == LAST, port)
                    for (position, convert, exact), (port, source, key) in zip(self.slots, inputs, strict=True)
                ]
            )
        return self.function, tuple(map(constants.get, self.names)), None, wires, (), self.place


def make_recipe(
    evaluation: Evaluation, constants: Mapping[str, Json], inputs: Sequence[Input], place: int, remote: Remote | None
) -> Recipe | None:
    """The recipe of an evaluation. None where its values tell more than what it is called with."""
    ports = [port for port, _, _ in inputs]
    names, positions = evaluation.taken, evaluation.positions
    if names is None or not positions.keys() >= set(ports) or not constants.keys().isdisjoint(ports):
        return None
    slots = tuple((positions[port], evaluation.conversions.get(port), evaluation.exact.get(port)) for port in ports)
    return Recipe(evaluation.function, names, slots, place, remote)
