from enum import Enum


class Color(Enum):
    RED = "red"


def spread(first: int, *args: int, flag: bool = False, **kwargs: str) -> dict:
    return {"first": first, "args": args, "flag": flag, "kwargs": kwargs}


def untyped(*args, **kwargs):
    return args, kwargs


def positional(a: int, b: int = 2, /, c: int = 3, *, d: int = 4) -> list:
    return [a, b, c, d]


def colors(*args: Color) -> list:
    return args
