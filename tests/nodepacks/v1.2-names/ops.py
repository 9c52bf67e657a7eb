import neighbour


def dotted(x: int) -> int:
    """A folder name that is no identifier."""
    return x + neighbour.ONE
