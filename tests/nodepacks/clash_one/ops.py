def add(a: int, b: int) -> int:
    """Adds numbers."""
    return a + b
