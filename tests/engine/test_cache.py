"""The cache in memory and the one on disk behind it: where a value comes from, and what is said when there is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from psynapse.engine.cache import Cache
from psynapse.engine.disk_cache import DiskCache
from psynapse.engine.entry import Entry

KEY = b"k" * 16
OTHER = b"o" * 16


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[DiskCache]:
    cache = DiskCache(tmp_path / "cache", b"")
    yield cache
    cache.close()


def counted(cache: Cache) -> tuple[int, int, int, int]:
    numbers = cache.statistics
    return (numbers.from_memory, numbers.from_disk, numbers.missed, numbers.changed)


def loaded(cache: Cache, *keys: bytes) -> tuple[dict[int, Entry], list[int]]:
    found = cache.get_many(keys)
    return found, cache.get_from_disk(keys, found)


def test_a_value_comes_from_memory_then_from_disk_and_each_is_counted(disk: DiskCache):
    cache = Cache(disk=disk)
    cache.put(KEY, "costly", 1.0)
    cache.put(OTHER, "quick", 0.1)
    found, from_disk = loaded(cache, KEY, OTHER)
    assert ({place: entry.value for place, entry in found.items()}, from_disk) == ({0: "costly", 1: "quick"}, [])
    assert counted(cache) == (2, 0, 0, 0)
    assert disk.flush(20)
    later = Cache(disk=disk)
    found, from_disk = loaded(later, OTHER, KEY)
    assert ({place: entry.value for place, entry in found.items()}, from_disk) == ({1: "costly"}, [1])
    assert counted(later) == (0, 1, 1, 0)
    assert later.get(KEY)
    assert counted(later) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    "value", [np.ones(10), np.ones(500_000), pd.DataFrame({"a": [1.0] * 10}), {"both": [np.ones(500_000)]}]
)
def test_an_array_or_frame_that_was_changed_since_is_a_miss(value: Any):
    cache = Cache()
    cache.put(KEY, value, 1.0)
    assert cache.get(KEY)
    inner = value["both"][0] if isinstance(value, dict) else value
    inner *= 3
    assert cache.get(KEY) is None
    assert counted(cache) == (1, 0, 1, 1)
    assert (len(cache), cache.size) == (0, 0)


def test_what_was_changed_in_memory_comes_from_disk_as_it_was(disk: DiskCache):
    cache = Cache(disk=disk)
    array = np.ones(500_000)
    cache.put(KEY, array, 1.0)
    assert disk.flush(20)
    array *= 2
    found, from_disk = loaded(cache, KEY)
    assert from_disk == [0]
    assert isinstance(found[0].value, np.ndarray)
    assert (found[0].value == 1).all()
    assert counted(cache) == (0, 1, 0, 1)


def test_what_is_larger_than_memory_may_hold_is_on_disk_all_the_same(disk: DiskCache):
    cache = Cache(limit=10_000, disk=disk)
    for _ in range(2):
        cache.put(KEY, b"x" * 20_000, 1.0)
        assert disk.flush(20)
        assert loaded(cache, KEY)[1] == [0]
        assert cache.size == 0


class Grudging:
    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"no {name} for you")


def test_a_value_that_does_not_even_say_whether_it_is_an_iterator_is_not_kept():
    cache = Cache()
    cache.put(KEY, Grudging(), 1.0)
    assert len(cache) == 0
