def unreachable(x: int) -> int:
    return x
