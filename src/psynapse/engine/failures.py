"""An exception of a node as the user wants to read it: their code first, ours left out."""

import traceback
from pathlib import Path
from types import TracebackType

from psynapse.errors import ConversionError, PsynapseError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import TaskFailed
from psynapse.model.guarded import attempt

_OURS = str(Path(__file__).resolve().parents[1])
_NODEPACKS = str(Path(_OURS) / "nodepacks")
_LONGEST = 10_000
_MOST_FRAMES = 50


class BlockedTask(PsynapseError):
    """Stands for the diagnostic that kept a task from being called."""

    code = "blocked"

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message, hint=finding.hint)
        self.finding = finding


def describe_failure(error: BaseException) -> TaskFailed:
    """The event that tells of ``error``."""
    if isinstance(error, BlockedTask):
        finding = error.finding
        return TaskFailed(finding.message, "Diagnostic", "", finding.hint, finding.port, finding.code)
    if isinstance(error, PsynapseError):
        port = error.port or None if isinstance(error, ConversionError) else None
        message = f"{port}: {error.message}" if port else error.message
        remote = str(error.context.get("traceback", ""))
        return TaskFailed(message, type(error).__name__, remote, error.hint, port, error.code)
    if isinstance(error, SystemExit):
        hint = "a node returns or raises; it cannot end the program"
        return TaskFailed(f"the node called sys.exit({error.code!r})", "SystemExit", format_traceback(error), hint)
    return TaskFailed(message_of(error), type(error).__name__, format_traceback(error))


def message_of(error: BaseException) -> str:
    """The exception's own words, or its type when it has none."""
    return attempt("(its message cannot be shown)", str, error)[:_LONGEST] or type(error).__name__


def format_traceback(error: BaseException) -> str:
    """The traceback from the first frame that is not ours. Empty when no frame is the user's."""
    first = user_frames(error.__traceback__)
    if first is None:
        return ""
    failed = [f"{type(error).__name__} (its traceback cannot be shown)"]
    lines = attempt(failed, traceback.format_exception, type(error), error, first, limit=_MOST_FRAMES)
    return "".join(lines)[-_LONGEST:]


def user_frames(frames: TracebackType | None) -> TracebackType | None:
    """The part of a traceback that begins in the user's code."""
    while frames is not None and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return frames


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OURS) and not filename.startswith(_NODEPACKS)
