"""What authors of nodepacks import: the ``node`` decorator, ``AnnotatedDict`` and the two reporters.

Nodepacks need none of it: a typed function in ``ops.py`` is already a node.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, overload

from psynapse.model.context import current_context

ExecutorName = Literal["inline", "thread", "aio", "process"]
EXECUTOR_NAMES: tuple[ExecutorName, ...] = ("inline", "thread", "aio", "process")
OPTIONS_ATTRIBUTE = "__psynapse_node__"

Callee = TypeVar("Callee", bound=Callable[..., object])
Keys = TypeVar("Keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeOptions:
    """What a nodepack's author says about a node beyond its signature."""

    executor: ExecutorName | None = None
    """Where to run it; None lets the run pick."""
    cache: bool = True
    """False when equal inputs may give another result: files written, random numbers, the network, the time."""


@overload
def node(function: Callee, /) -> Callee: ...
@overload
def node(*, executor: ExecutorName | None = None, cache: bool = True) -> Callable[[Callee], Callee]: ...
def node(
    function: Callee | None = None, /, *, executor: ExecutorName | None = None, cache: bool = True
) -> Callee | Callable[[Callee], Callee]:
    """Say how a function or callable class runs as a node. The function itself is returned unchanged.

    ``executor``: ``"process"`` for CPU-bound pure Python, ``"thread"`` for calls that wait, ``"inline"`` for code
    that must run in the main thread, ``"aio"`` for coroutines (their default). ``cache=False``: never reuse a result.

    Raises ValueError for an executor that does not exist.
    """
    if executor is not None and executor not in EXECUTOR_NAMES:
        raise ValueError(f"executor must be one of {', '.join(EXECUTOR_NAMES)}, not {executor!r}")
    options = NodeOptions(executor=executor, cache=cache)

    def mark(callee: Callee) -> Callee:
        setattr(callee, OPTIONS_ATTRIBUTE, options)
        return callee

    return mark(function) if function is not None else mark


class AnnotatedDict(dict[str, object], Generic[Keys]):
    """A dict whose keys are output handles: ``def split() -> AnnotatedDict[Literal["head", "tail"]]``."""


class ProgressReporter:
    """How a progress class tells how far it is: an attribute ``_progress_reporter``, or created inside any node."""

    def __init__(self) -> None:
        self._callback: Callable[[float, str], None] | None = None

    def set_callback(self, callback: Callable[[float, str], None] | None) -> None:
        """Send updates to ``callback(fraction, message)`` instead of the node that runs here."""
        self._callback = callback

    def update(self, current: float, total: float, message: str = "") -> None:
        """Report ``current`` of ``total`` steps; a total of 0 or less counts as no progress yet."""
        self.update_percent(current / total if total > 0 else 0.0, message)

    def update_percent(self, fraction: float, message: str = "") -> None:
        """Report a fraction from 0.0 to 1.0."""
        if self._callback is not None:
            self._callback(fraction, message)
        elif context := current_context():
            context.progress(fraction, message)


class StreamReporter:
    """How a stream class sends text as it comes: an attribute ``_stream_reporter``, or created inside any node."""

    def __init__(self) -> None:
        self._callback: Callable[[str], None] | None = None

    def set_callback(self, callback: Callable[[str], None] | None) -> None:
        """Send chunks to ``callback(chunk)`` instead of the node that runs here."""
        self._callback = callback

    def emit(self, chunk: str) -> None:
        """Send one piece of text; empty pieces are dropped."""
        if not chunk:
            return
        if self._callback is not None:
            self._callback(chunk)
        elif context := current_context():
            context.emit(chunk)
