"""What uv's failures mean: errors that say in our words what happened and what to do."""

import re
from typing import Final

from psynapse.environments.conflict import Surroundings, explain_conflict
from psynapse.environments.errors import (
    BadRequirement,
    BuildFailed,
    BuildNeeded,
    EnvironmentsError,
    NetworkUnreachable,
    RequirementNotFound,
    UvFailed,
)

_WRONG_NAME: Final = re.compile(r"name `(?P<found>[^`]+)` does not match given name `(?P<asked>[^`]+)`")
_BUILT: Final = re.compile(r"Failed to (?:download and )?build `(?P<name>[^`\s]+)")
_WHEELLESS: Final = re.compile(r"Wheels are required for `(?P<name>[^`]+)`")


def _one_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, phrases)))


_NO_BUILD: Final = _one_of("Building source distributions", "building from source is disabled")
_NETWORK: Final = _one_of(
    "error sending request",
    "network was disabled",
    "not found in the cache",
    "Network connectivity is disabled",
    "Could not resolve host",
    "Failed to connect to",
    "Connection timed out",
    "operation timed out",
    "HTTP status server error",
    "error decoding response body",
    "end of file before message length reached",
    "early EOF",
    "remote end hung up",
)
_ABSENT: Final = _one_of(
    "Git operation failed",
    "does not appear to be a Python project",
    "Distribution not found at",
    "HTTP status client error",
)
_BUILD: Final = _one_of("build backend returned an error", "Failed to resolve requirements from", "Failed to build")
_UNSOLVED: Final = _one_of("No solution found", "conflicting URLs", "was included as a URL dependency")


def explain(failed: UvFailed, surroundings: Surroundings) -> EnvironmentsError:
    """The error that says what uv's failure means; the failure itself when that is not known."""
    text = " ".join(failed.stderr.split())
    if _NO_BUILD.search(text):
        return _build_needed(failed, text)
    if _NETWORK.search(text):
        message = f"The network is needed and cannot be reached: {_cause(failed)}"
        hint = "connect to the network and try again; what is installed already works without"
        return NetworkUnreachable.meaning(failed, message, hint=hint)
    if found := _WRONG_NAME.search(text):
        message = f"What is there is called {found['found']}, not {found['asked']}"
        return BadRequirement(message, hint=f"ask for {found['found']}, or only for the address")
    if _ABSENT.search(text):
        hint = "check the address, and that this machine may read it"
        return RequirementNotFound.meaning(failed, f"There is nothing to install: {_cause(failed)}", hint=hint)
    if _BUILD.search(text):
        message = f"Building {_name(_BUILT.search(text))} failed: {_last_line(failed)}"
        return BuildFailed.meaning(failed, message, hint="its own build says why; its author can help")
    return explain_conflict(failed, surroundings) if _UNSOLVED.search(text) else failed


def _build_needed(failed: UvFailed, text: str) -> BuildNeeded:
    name = _name(_BUILT.search(text) or _WHEELLESS.search(text))
    message = f"What {name} requires is known only by running its code"
    return BuildNeeded.meaning(failed, message, hint="install it to find out, if you trust where it comes from")


def _name(found: re.Match[str] | None) -> str:
    return found["name"] if found else "the package"


def _cause(failed: UvFailed) -> str:
    """The innermost of uv's causes, as one line."""
    lines = [line.strip() for line in failed.stderr.splitlines()]
    causes = [line.partition(": ")[2] for line in lines if line.startswith(("error: ", "cause: ", "fatal: "))]
    return causes[-1] if causes else _last_line(failed)


def _last_line(failed: UvFailed) -> str:
    """The last line that says something: of a traceback the exception."""
    lines = [line.strip() for line in failed.stderr.splitlines() if line.strip() and not line.startswith("hint: ")]
    return lines[-1] if lines else "uv said nothing"
