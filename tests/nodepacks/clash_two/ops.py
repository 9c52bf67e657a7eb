def add(a: str, b: str) -> str:
    """Joins text."""
    return a + b
