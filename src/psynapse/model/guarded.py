"""Calling what users wrote: ``__repr__``, metaclasses, hints and defaults run their code, and may raise anything."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

Result = TypeVar("Result")
Fallback = TypeVar("Fallback")
Args = ParamSpec("Args")


@dataclass(frozen=True, slots=True)
class Raised:
    """What a call raised instead of returning."""

    error: BaseException


def outcome(function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result | Raised:
    """What ``function`` returns, or what it raised. What stops a run passes through, such as KeyboardInterrupt."""
    try:
        return function(*args, **kwargs)
    except BaseException as error:  # the one place where errors of user code that is merely looked at end
        # Even a __repr__ may call sys.exit; and Rust libraries panic with a class of this name that is no Exception.
        if isinstance(error, Exception | SystemExit | GeneratorExit) or type(error).__name__ == "PanicException":
            return Raised(error)
        raise


def attempt(
    fallback: Fallback, function: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs
) -> Result | Fallback:
    """What ``function`` returns, or ``fallback`` if it raises."""
    found = outcome(function, *args, **kwargs)
    return fallback if isinstance(found, Raised) else found
