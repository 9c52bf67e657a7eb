def early(x: int) -> int:
    return x


from .worse import nothing
