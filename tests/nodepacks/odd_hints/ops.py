"""Hints that cannot be resolved, are no types, or raise."""

from __future__ import annotations


def unresolvable(a: int, b: NotDefinedAnywhere, c: list[AlsoMissing], d: str = "d") -> Gone:
    return a


def raising(a: 1 / 0, b: float) -> int:
    return a


def prose(a: "the number to add", b: "bool") -> "int | None":
    return a


def nonsense(a: 5, b: [int], c: print) -> {"a": int}:
    return a


class Node:
    """Refers to itself by name."""

    def __call__(self, parent: Node, missing: Missing) -> Node:
        return self
