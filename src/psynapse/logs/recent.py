"""The last lines of the log, kept at hand for those who look at it in the editor."""

import logging
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from psynapse.logs.redaction import redacted
from psynapse.logs.stderr import RedactingFormatter, read_line

MOST_LINES: Final = 20_000
MOST_CHARACTERS: Final = 4 << 20
LONGEST_LINE: Final = 8_192
_MOST_LINES_OF_A_RECORD: Final = 500
_MOST_EARLIER_BYTES: Final = 1 << 20
_OF_SUPERVISOR: Final = "--- "
Level = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line. ``seq`` counts from 1 without gaps; ``at`` is in seconds since 1970, 0 where nobody knows.

    ``earlier``: said before this process, by one in whose place it is.
    """

    seq: int
    at: float
    level: Level
    source: str
    text: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines in order. ``last`` is the number of the newest line there is; ``first`` that of the oldest one kept."""

    first: int
    last: int
    lines: Sequence[LogLine]


class RecentLog(logging.Handler):
    """Keeps lines until there are too many or too long ones. From any thread."""

    def __init__(self, most_lines: int = MOST_LINES, most_characters: int = MOST_CHARACTERS) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(RedactingFormatter("%(message)s"))
        self._most_lines = most_lines
        self._most_characters = most_characters
        self._lines: deque[LogLine] = deque()
        self._characters = 0
        self._last = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what a record says; logging calls this."""
        level = level_of(record.levelno)
        for text in self.format(record).splitlines()[:_MOST_LINES_OF_A_RECORD]:
            self._keep(record.created, level, record.name, text)

    def note(self, text: str) -> None:
        """Keep a word that is for those who look at the log, and not for the terminal."""
        with self._held():
            self._keep(time.time(), "info", "psynapse", text)

    def remember(self, lines: Iterable[str]) -> None:
        """Keep lines that an earlier process has written."""
        at, level, source = 0.0, "info", ""
        with self._held():
            for line in lines:
                said = read_line(line)
                if said:
                    at, level, source = said.at, level_of(said.level), said.source
                elif line.startswith(_OF_SUPERVISOR):
                    level, source = "warning", "supervisor"
                self._keep(at, level, source, redacted(said.text if said else line), earlier=True)

    def page(self, after: int, count: int) -> LogPage:
        """The first ``count`` lines whose number is greater than ``after``."""
        with self._held():
            first = self._last - len(self._lines) + 1
            start = max(0, after - first + 1)
            return LogPage(first, self._last, tuple(islice(self._lines, start, start + count)))

    def _keep(self, at: float, level: Level, source: str, text: str, *, earlier: bool = False) -> None:
        self._last += 1
        self._lines.append(LogLine(self._last, at, level, source, text[:LONGEST_LINE], earlier))
        self._characters += len(self._lines[-1].text)
        while len(self._lines) > self._most_lines or self._characters > self._most_characters:
            self._characters -= len(self._lines.popleft().text)

    @contextmanager
    def _held(self) -> Generator[None]:
        self.acquire()
        try:
            yield
        finally:
            self.release()

    # In and out of the program's log

    def listen(self) -> None:
        """Hear everything that is logged in this process from now on."""
        for heard in _heard():
            heard.addHandler(self)
        program = logging.getLogger("psynapse")
        if not program.isEnabledFor(logging.INFO):
            program.setLevel(logging.INFO)

    def stop(self) -> None:
        """Hear nothing more. What is kept stays."""
        for heard in (logging.getLogger(), logging.getLogger("uvicorn")):
            heard.removeHandler(self)


def level_of(number: int) -> Level:
    """A level of ``logging`` in words; levels of others' making are the one below."""
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warning"
    return "info" if number >= logging.INFO else "debug"


def earlier_lines(path: Path) -> list[str]:
    """The last lines of a file that a supervisor writes and rotates; none where it cannot be read."""
    newest, all_of_it = _end_of(path, _MOST_EARLIER_BYTES)
    older = _end_of(path.with_name(f"{path.name}.1"), _MOST_EARLIER_BYTES - len(newest))[0] if all_of_it else b""
    return (older + newest).decode("utf-8", "replace").splitlines()


def _heard() -> tuple[logging.Logger, ...]:
    server = logging.getLogger("uvicorn")
    # Its usual set-up keeps what it says to itself.
    return (logging.getLogger(),) if server.propagate else (logging.getLogger(), server)


def _end_of(path: Path, most: int) -> tuple[bytes, bool]:
    """Whole lines at the end of a file, and whether that is all of it."""
    try:
        with path.open("rb") as file:
            cut = file.seek(0, 2) - most
            file.seek(max(0, cut))
            content = file.read(most)
    except OSError:
        return b"", True
    return (content.partition(b"\n")[2], False) if cut > 0 else (content, True)
