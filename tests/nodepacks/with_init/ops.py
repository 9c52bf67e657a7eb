from . import shared


def double(x: int) -> int:
    return x * shared.FACTOR
