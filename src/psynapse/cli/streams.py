"""Where output goes: results to stdout, everything else to stderr, and nothing else gets in between."""

import contextlib
import os
import re
import sys
from collections.abc import Generator
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

_STDOUT: Final = 1
_STDERR: Final = 2
# What a terminal would obey. Tab and line feed are text; the escape character is left to Text.from_ansi.
_CONTROLS: Final = dict.fromkeys([*range(9), *range(11, 27), *range(28, 32), *range(127, 160)])
_TITLES: Final = re.compile(r"\x1b\].*?(?:\x07|\x1b\\|$)")
"""Commands to the terminal that carry text: its title, links, the clipboard."""
_ALL_CONTROLS: Final = {**dict.fromkeys([*range(32), *range(127, 160)], " ")}


@contextlib.contextmanager
def stdout_for_data() -> Generator[TextIO]:
    """Give the real stdout; until it is left, what anything else writes to stdout appears on stderr.

    This covers nodepacks that print while they are imported, C code and child processes.
    """
    sys.stdout.flush()
    kept = os.dup(_STDOUT)
    data = os.fdopen(os.dup(_STDOUT), "w", encoding=sys.stdout.encoding, errors="backslashreplace")
    os.dup2(_STDERR, _STDOUT)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield data
        data.flush()
    finally:
        os.dup2(kept, _STDOUT)
        os.close(kept)
        # A reader that has gone is told by flush() above; closing must not tell it again.
        with contextlib.suppress(BrokenPipeError):
            data.close()


def error_console() -> Console:
    """The console on stderr."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


def is_live(console: Console) -> bool:
    """True when lines may be redrawn: a terminal that understands how."""
    return console.file.isatty() and not console.is_dumb_terminal


def shown_text(text: str) -> Text:
    """Text of a user for a terminal: its colours stay, what would move the cursor goes."""
    clean = _TITLES.sub("", text).translate(_CONTROLS) if "\x1b" in text else text.translate(_CONTROLS)
    return Text.from_ansi(clean) if "\x1b" in clean else Text(clean)


def one_line(text: str) -> str:
    """Text of a user as a single line without anything that a terminal would obey."""
    plain = shown_text(text).plain if "\x1b" in text else text
    return plain.translate(_ALL_CONTROLS).strip()


def seconds_text(seconds: float) -> str:
    """A duration for people: ``<1ms``, ``4ms``, ``1.24s``, ``2m 03s``."""
    if seconds < 0.001:  # noqa: PLR2004 -- a millisecond
        return "<1ms"
    if seconds < 0.9995:  # noqa: PLR2004 -- where rounding would give 1000ms
        return f"{seconds * 1000:.0f}ms"
    if seconds < 59.995:  # noqa: PLR2004 -- where rounding would give 60.00s
        return f"{seconds:.2f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m {rest:02d}s"
