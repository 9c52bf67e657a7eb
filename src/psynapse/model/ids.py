"""Identifiers and the JSON type, named so that signatures say which string is meant."""

from collections.abc import Mapping, Sequence
from typing import NewType, TypeAlias, Union

NodeId = NewType("NodeId", str)
"""A node's id in a workflow: any non-empty string, unique there."""

Ref = NewType("Ref", str)
"""What a function node runs: ``pack/file.py:name``."""

# A Union, so that ``Json | Missing`` works at run time; a quoted alias is a plain string there.
Json: TypeAlias = Union["Mapping[str, Json]", "Sequence[Json]", str, int, float, bool, None]
"""Anything that ``json.loads`` returns."""

JsonObject: TypeAlias = Mapping[str, Json]
