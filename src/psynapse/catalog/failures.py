"""From what user code raised to what its author reads: a traceback that starts at their code, and a hint."""

import importlib.util
import re
import traceback
from pathlib import Path
from types import TracebackType

from psynapse.errors import PsynapseError
from psynapse.model.catalog import LoadFailure
from psynapse.model.guarded import attempt

# Modules whose distribution has another name.
_DISTRIBUTIONS = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_LONGEST_MESSAGE = 2000
# Authors whose pack needs more than is installed say so themselves: `pip install "psynapse[data]"`.
_COMMAND = re.compile(r"\bpip install [^\n]+")
_EXTRA = re.compile(r'\bpip install "?psynapse\[([A-Za-z0-9][A-Za-z0-9._-]{0,63})\]')


class LoadError(PsynapseError):
    """A nodepack's file, or one name in it, could not be loaded. ``failure`` is what the catalog shows."""

    code = "load-failure"

    def __init__(self, failure: LoadFailure) -> None:
        super().__init__(f"{failure.filepath}: {failure.error_type}: {failure.message}", hint=failure.hint)
        self.failure = failure

    def __reduce__(self) -> tuple[type["LoadError"], tuple[LoadFailure]]:
        return type(self), (self.failure,)


def load_failure(error: BaseException, pack: Path, filepath: Path, name: str = "") -> LoadFailure:
    """What ``error``, raised while ``filepath`` of the nodepack in ``pack`` was loaded, tells the author."""
    return LoadFailure(
        nodepack=pack.name,
        filepath=str(filepath),
        name=name,
        error_type=type(error).__name__,
        message=_message(error),
        traceback=user_traceback(error, pack),
        hint=_named_command(error) or _hint(error, pack),
        extra=_named_extra(error),
    )


def user_traceback(error: BaseException, pack: Path) -> str:
    """The formatted traceback from the first frame inside ``pack`` on; only the error's own lines if none is.

    Nothing for errors of ours: they say what to change, not where something broke.
    """
    if isinstance(error, PsynapseError):
        return ""
    frames = error.__traceback__
    while frames and not Path(frames.tb_frame.f_code.co_filename).is_relative_to(pack):
        frames = frames.tb_next
    return attempt(type(error).__name__, _format, error, frames)


def _format(error: BaseException, frames: TracebackType | None) -> str:
    story = traceback.TracebackException(type(error), error, frames, compact=True)
    story.stack = traceback.StackSummary.from_list([frame for frame in story.stack if not _is_machinery(frame)])
    return _clean("".join(story.format()))


def _is_machinery(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith(("<frozen importlib", str(Path(__file__).parent)))


def _message(error: BaseException) -> str:
    if isinstance(error, PsynapseError):
        return error.message
    if isinstance(error, SystemExit):
        return "the file ends the program while it is imported"
    if isinstance(error, SyntaxError):
        return _clean(f"{error.msg} (line {error.lineno})" if error.lineno else str(error.msg))
    return _clean(attempt("an error whose text cannot be read", str, error))[:_LONGEST_MESSAGE]


def _clean(text: str) -> str:
    """Lone surrogates cannot be sent as JSON."""
    return text.encode("utf-8", "backslashreplace").decode()


def _named_command(error: BaseException) -> str:
    command = _COMMAND.search(_message(error)) if isinstance(error, ImportError) else None
    return f"add what is missing: python -m {command[0]}" if command else ""


def _named_extra(error: BaseException) -> str | None:
    named = _EXTRA.search(_message(error)) if isinstance(error, ImportError) else None
    return named[1] if named else None


def _hint(error: BaseException, pack: Path) -> str:
    if isinstance(error, PsynapseError):
        return error.hint
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing_module(error.name, pack)
    if isinstance(error, SystemExit):
        return 'move calls of sys.exit() below: if __name__ == "__main__":'
    if isinstance(error, UnicodeError) or (isinstance(error, (SyntaxError, ValueError)) and _about_encoding(error)):
        return "save the file as UTF-8"
    if isinstance(error, SyntaxError):
        return "correct the line shown, then reload"
    if isinstance(error, RecursionError):
        return "something calls or nests itself without end while the file is imported"
    if isinstance(error, ImportError):
        return "the installed version may be another one than the file was written for, or two files import each other"
    return "correct the file, then reload"


def _about_encoding(error: Exception) -> bool:
    text = str(error).lower()
    return any(word in text for word in ("encoding", "codec", "null byte", "non-utf-8", "utf-8"))


def _missing_module(name: str, pack: Path) -> str:
    parts = name.split(".")
    if parts[0].startswith("nodepacks_"):
        return f"put {'/'.join(parts[2:]) or name}.py into the folder {pack.name}, or correct the import"
    if len(parts) > 1 and _installed(parts[0]):
        return f"the installed version of {parts[0]} has no {name}: install one that has, or correct the import"
    distribution = _DISTRIBUTIONS.get(parts[0], parts[0])
    return f"install the missing module {parts[0]!r}: python -m pip install {distribution}"


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
