"""A plan compiled for running: flat arrays, with everything decided that can be decided before the first call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from psynapse.catalog.registry import Registry
from psynapse.engine.recipes import LAST, Call, Recipe, Remote, make_call, make_recipe
from psynapse.engine.scheduler import Shape, make_shape
from psynapse.errors import ConversionError, PsynapseError, UnknownNode
from psynapse.kinds import KINDS
from psynapse.kinds.base import Evaluation
from psynapse.model.operation import Operation
from psynapse.planning.adopt import UNCHANGING
from psynapse.planning.plan import Plan, Task

LOCAL: Final = 0
"""Where the finisher of a task runs the next one: the thread that takes it."""
INLINE: Final = 1
AIO: Final = 2
PROCESS: Final = 3
BLOCKED: Final = 4


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled plan. ``calls``, ``errors`` and ``remotes`` are by task number, as in the plan."""

    plan: Plan
    shape: Shape
    calls: tuple[Call, ...]
    errors: Mapping[int, PsynapseError]
    """Why a task that planning let through cannot be called after all."""
    remotes: Mapping[int, Remote]
    shared: tuple[tuple[int, ...], ...]
    """By task, the sources it shares with other tasks and that may be let go when all have taken them."""
    uses: tuple[int, ...]
    """By task, how many wires leave it."""
    fates: bytes
    """By task, what becomes of its value: kept, let go with its only taker, or with the last of several."""
    registry: Registry = field(compare=False, repr=False)


def compile_plan(plan: Plan, registry: Registry, *, keep_all: bool, previous: Program | None = None) -> Program:
    """Compile ``plan``. Unless ``keep_all``, values are let go when the last task that wants them has taken them.

    What the ``previous`` program has for the same task objects is taken over, where it is right for this one as well.
    """
    sources = [
        [inputs[0][1]] if len(inputs) == 1 else [source for _, source, _ in inputs]
        for _, _, _, _, _, inputs, _ in plan.tasks
    ]
    uses = _count_uses(sources)
    compiler = _Compiler(plan, registry, _fates(plan, uses, keep_all=keep_all))
    compiler.compile(previous if previous and previous.registry is registry else None)
    return Program(
        plan=plan,
        shape=make_shape(sources),
        calls=tuple(compiler.calls),
        errors=compiler.errors,
        remotes=compiler.remotes,
        shared=compiler.shared(),
        uses=tuple(uses),
        fates=compiler.fates,
        registry=registry,
    )


class _Compiler:
    """The state of one compilation: what a program has by task, as far as it is made."""

    def __init__(self, plan: Plan, registry: Registry, fates: bytes) -> None:
        self._tasks, self._patterns = plan.tasks, plan.patterns
        self._operations = registry.operations
        self.fates = fates
        self.calls: list[Call] = []
        self.errors: dict[int, PsynapseError] = {}
        self.remotes: dict[int, Remote] = {}
        self._recipes: dict[int, Recipe | None] = {}

    def compile(self, earlier: Program | None) -> None:
        if earlier is None:
            self.calls = [*map(self._compiled, range(len(self._tasks)), self._tasks, self._patterns)]
            return
        known = earlier.plan.tasks
        for index, (task, pattern) in enumerate(zip(self._tasks, self._patterns, strict=True)):
            if index < len(known) and known[index] is task and self._is_right(earlier, index, task):
                self.calls.append(earlier.calls[index])
                if index in earlier.remotes:
                    self.remotes[index] = earlier.remotes[index]
            else:
                self.calls.append(self._compiled(index, task, pattern))

    def shared(self) -> tuple[tuple[int, ...], ...]:
        fates = self.fates
        if _SHARED not in fates:
            return ((),) * len(self._tasks)
        return tuple(
            [tuple([item.source for item in task.inputs if fates[item.source] == _SHARED]) for task in self._tasks]
        )

    def _is_right(self, earlier: Program, index: int, task: Task) -> bool:
        """Whether the earlier call of a task would be compiled again as it is."""
        for item in task.inputs:
            if self.fates[item.source] != earlier.fates[item.source]:
                return False
        return index not in earlier.errors and _is_repeatable(earlier.calls[index])

    def _compiled(self, index: int, task: Task, pattern: int) -> Call:
        _, _, _, ref, constants, inputs, blocked = task
        if ref is None or blocked:
            return self._worked_out(index, task)[0]
        recipe = self._recipes.get(pattern)
        if recipe is None:
            call, self._recipes[pattern] = self._worked_out(index, task)
            return call
        if recipe.remote:
            self.remotes[index] = recipe.remote
        return recipe.call(constants, inputs, self.fates)

    def _worked_out(self, index: int, task: Task) -> tuple[Call, Recipe | None]:
        """The call of a task, and how those of others like it are made, if there is a way."""
        operation = self._operations.get(task.ref) if task.ref else None
        evaluation = _NEVER
        if task.ref and operation is None:
            # The plan was made with a catalog of other nodepacks than this process has.
            hint = "the nodepacks have just changed: run it again"
            self.errors[index] = UnknownNode(f"this process has no function {task.ref!r}", hint=hint)
        elif not task.blocked:
            try:
                evaluation = _evaluation(task, operation and operation.of_node(task.node))
            except ConversionError as error:
                self.errors[index] = error
        place = BLOCKED if evaluation is _NEVER else _place(operation)
        remote = Remote(operation, evaluation.bare_arguments) if place == PROCESS and operation else None
        if remote:
            self.remotes[index] = remote
        alike = operation is not None and not operation.per_node
        recipe = make_recipe(evaluation, task.constants, task.inputs, place, remote) if alike else None
        return make_call(evaluation, task.inputs, place, self.fates), recipe


def is_repeatable(program: Program) -> bool:
    """Whether another run may use the same program: nothing in it can have been changed by this one."""
    return not program.errors and all(_is_repeatable(call) for call in program.calls)


def _is_repeatable(call: Call) -> bool:
    """False when a constant was converted to something that a function could change: each run gets its own."""
    for value in call[1]:
        if type(value) not in UNCHANGING:
            return False
    if call[2]:
        return all(type(value) in UNCHANGING for value in call[2].values())
    return True


def _never() -> object:
    raise AssertionError("a blocked task is not called")


_NEVER = Evaluation(function=_never)


def _evaluation(task: Task, operation: Operation | None) -> Evaluation:
    wired = tuple([port for port, _, _ in task.inputs])
    return KINDS[task.kind].evaluate(task.constants, wired, operation)


def _count_uses(sources: Sequence[Sequence[int]]) -> list[int]:
    counts = [0] * len(sources)
    for taken in sources:
        for source in taken:
            counts[source] += 1
    return counts


_KEPT: Final = 0
_SHARED: Final = 2


def _fates(plan: Plan, uses: Sequence[int], *, keep_all: bool) -> bytes:
    if keep_all:
        return bytes(len(uses))
    fates = bytearray([count if count <= LAST else _SHARED for count in uses])
    for target in plan.targets:
        fates[target] = _KEPT
    return bytes(fates)


def _place(operation: Operation | None) -> int:
    if operation is None:
        return LOCAL
    asked = operation.schema.executor
    if asked == "process":
        return PROCESS
    if operation.schema.is_async:
        return AIO
    return INLINE if asked == "inline" else LOCAL
