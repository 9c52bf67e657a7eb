"""Nodes that leave something behind in their process, return odd things, or say what is secret. Importing is harmless."""

import builtins
import functools
import gc
import json
import logging
import os
import signal
import sys
from typing import Any

import psynapse


def nest(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def text(size: int) -> str:
    return "x" * size


def length(value: Any) -> int:
    return len(value)


class _Odd:
    def __repr__(self) -> str:
        raise RuntimeError("no words")

    def __reduce__(self) -> str:
        raise RuntimeError("no way")

    def __eq__(self, other: object) -> bool:
        while True:
            pass

    def __hash__(self) -> int:
        raise RuntimeError("no number")

    def __del__(self) -> None:
        raise RuntimeError("no end")


def odd_value() -> Any:
    return _Odd()


def take(value: Any) -> str:
    return type(value).__name__


def die_oddly() -> int:
    """In the finaliser of something that is already rubbish."""
    odd = _Odd()
    odd.itself = odd
    del odd
    return gc.collect() and 1


class _Wordless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def fail_oddly() -> int:
    raise _Wordless


def append_to(items: list) -> list:
    items.append("mine")
    return items


_hoard: list[bytearray] = []


def hoard_memory() -> int:
    """Until there is no more, and nothing of it is given back."""
    while True:
        _hoard.append(bytearray(1 << 22))


def set_variable(name: str, value: str) -> str:
    os.environ[name] = value
    return value


def remove_variables() -> int:
    os.environ.clear()
    return 1


def patch_builtins() -> int:
    builtins.len = lambda _: 42
    builtins.print = builtins.isinstance = builtins.open = None
    return 1


def patch_json() -> int:
    json.dumps = json.loads = functools.partial(_refuse, "json")
    return 1


def patch_psynapse() -> int:
    for module in list(sys.modules.values()):
        if module.__name__.startswith("psynapse."):
            for name in list(vars(module)):
                if not name.startswith("__"):
                    setattr(module, name, None)
    return 1


def surroundings() -> dict:
    """What other runs may have changed, as far as a node would notice."""
    return {
        "folder": os.getcwd(),
        "variables": sorted(os.environ),
        "json": json.loads(json.dumps({"length": len("four")})),
        "open": bool(open(os.devnull).close() is None and isinstance(print, object)),
        "signals": [str(signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM)],
        "pid": os.getpid(),
    }


def every_variable() -> dict:
    return dict(os.environ)


def tell(name: str, how: str) -> Any:
    """A secret in every way that a node has to say something."""
    value = os.environ[name]
    match how:
        case "print":
            print("it is", value)
        case "write":
            os.write(2, f"it is {value}\n".encode())
        case "log":
            logging.getLogger("node").warning("it is %s", value)
        case "progress":
            psynapse.ProgressReporter().update(1, 2, value)
        case "stream":
            psynapse.StreamReporter().emit(value)
        case "raise":
            raise ValueError(value)
        case "return":
            return {value: [value, f"<{value}>", value.encode()]}
    return how


def _refuse(what: str, *args: object, **kwargs: object) -> None:
    raise RuntimeError(f"no {what}")
