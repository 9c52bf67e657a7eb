"""Which node is running here: the one door through which user code reports progress, text and output."""

from contextvars import ContextVar
from typing import Protocol


class NodeContext(Protocol):
    """What a running node may tell its run. Safe to call from any thread, also after the node has ended."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Report how far the node is: 0.0 to 1.0, and a word about it."""
        ...

    def emit(self, chunk: str) -> None:
        """Send a piece of text to whoever watches the node."""
        ...

    def output(self, stream: str, text: str) -> None:
        """Record text the node wrote; ``stream`` is ``stdout``, ``stderr`` or ``log``."""
        ...


class ContextSource(Protocol):
    """Something that knows the current node of one thread.

    A thread keeps one source for its life and only changes what it points to: setting a context variable
    for each trivial node would cost as much as the node.
    """

    def current(self) -> NodeContext | None:
        """The node running now in this thread, or None between nodes."""
        ...


context_source: ContextVar[ContextSource | None] = ContextVar("psynapse_context_source", default=None)


def current_context() -> NodeContext | None:
    """The context of the node that runs here, or None outside of a run."""
    source = context_source.get()
    return source.current() if source else None
