"""A command line as a process: its streams, its exit code, and how errors look."""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable
from typing import Final, NoReturn

import typer

from psynapse.errors import PsynapseError

SUCCESS: Final = 0
FAILED: Final = 1
"""A node failed, or a check found errors."""
UNUSABLE: Final = 2
"""Wrong usage, or a file that cannot be used."""
BUG: Final = 70
"""What BSD's sysexits.h calls an internal software error."""
CANCELLED: Final = 130
"""What shells report for a program that Ctrl-C ended."""

_USAGE_ERRORS: Final = typer.BadParameter.__bases__
"""Typer's module for its usage errors differs from version to version; what they derive from does not."""


def run_program(app: typer.Typer, name: str) -> int:
    """Run ``app`` with the arguments of this process and return its exit code. Raises nothing."""
    _prepare_streams()
    try:
        code = app(prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return CANCELLED
    except BrokenPipeError:
        return _reader_gone()
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else FAILED
    except Exception as error:  # noqa: BLE001 -- the top of the process: whatever arrives here must be told, not thrown
        return _report(error, name)
    return code if isinstance(code, int) else SUCCESS


def finish(verb: Callable[[], int]) -> NoReturn:
    """End the command with the exit code that ``verb`` returns.

    Ctrl-C is told here, not by Typer: its versions differ in what they make of it.
    """
    try:
        code = verb()
    except KeyboardInterrupt:
        sys.stderr.write("cancelled\n")
        code = CANCELLED
    raise typer.Exit(code)


def complain(message: str, hint: str = "") -> None:
    """Write ``error: message`` and ``hint: …`` to stderr, coloured on a terminal."""
    red, cyan, bold, plain = ("\x1b[1;31m", "\x1b[1;36m", "\x1b[1m", "\x1b[0m") if _coloured() else ("",) * 4
    sys.stderr.write(f"{red}error{plain}{bold}:{plain} {message}\n")
    if hint:
        sys.stderr.write(f"{cyan}hint{plain}{bold}:{plain} {hint}\n")
    sys.stderr.flush()


def _report(error: Exception, name: str) -> int:
    if isinstance(error, PsynapseError):
        complain(error.message, error.hint)
        return UNUSABLE
    if isinstance(error, _USAGE_ERRORS):
        message = getattr(error, "format_message", error.__str__)()
        complain(
            message[:1].lower() + message[1:].rstrip("."), f"{_command(error, name)} --help shows what is possible"
        )
        return UNUSABLE
    sys.stderr.write("".join(traceback.format_exception(error)))
    complain(f"this is a bug in psynapse: {type(error).__name__}", "report it with the lines above")
    return BUG


def _command(error: Exception, name: str) -> str:
    return str(getattr(getattr(error, "ctx", None), "command_path", name))


def _coloured() -> bool:
    return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _prepare_streams() -> None:
    """Give a process without stdout or stderr one that goes nowhere, and let no character end a program."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 -- for good
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _reader_gone() -> int:
    """``psynapse catalog | head``: nobody wants the rest. Flushing again at exit must not complain."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    return SUCCESS
