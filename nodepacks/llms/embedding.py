"""Texts as vectors."""

import math
import operator
from collections.abc import Sequence
from typing import Any

import wire


async def vectors(server: wire.Server, model: str, texts: Sequence[str], batch: int) -> list[list[float]]:
    """One vector for each text, in their order. Raises ValueError for an empty text or a strange answer."""
    if empty := [index for index, text in enumerate(texts) if not text.strip()]:
        raise ValueError(f"text {empty[0]} is empty, which cannot be embedded; remove it")
    found: list[list[float]] = []
    for start in range(0, len(texts), batch):
        part = list(texts[start : start + batch])
        found += _read(await wire.post(server, "embeddings", {"model": model, "input": part}), len(part))
    return found


def _read(answer: Any, count: int) -> list[list[float]]:
    try:
        rows = sorted(answer["data"], key=lambda row: row["index"])
        found = [[float(number) for number in row["embedding"]] for row in rows]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"the server sent no embeddings: {str(answer)[:200]}") from None
    if len(found) != count:
        raise ValueError(f"the server sent {len(found)} embeddings for {count} texts; try a smaller batch")
    return found


def ranked(
    query: Sequence[float], all_vectors: Sequence[Sequence[float]], texts: Sequence[str], count: int
) -> list[dict[str, Any]]:
    """The best rows. Raises ValueError when the lengths do not agree."""
    if len(all_vectors) != len(texts):
        raise ValueError(f"there are {len(all_vectors)} vectors for {len(texts)} texts; each text needs its own")
    rows = [{"text": text, "similarity": _cosine(query, one)} for text, one in zip(texts, all_vectors, strict=True)]
    return sorted(rows, key=lambda row: row["similarity"], reverse=True)[:count]


def _cosine(first: Sequence[float], second: Sequence[float]) -> float:
    if len(first) != len(second):
        raise ValueError(f"vectors of {len(first)} and {len(second)} numbers are of different models; use one for all")
    size = math.hypot(*first) * math.hypot(*second)
    return sum(map(operator.mul, first, second)) / size if size else 0.0
