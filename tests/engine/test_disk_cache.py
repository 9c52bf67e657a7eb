"""Results on disk: what is found is what was computed, whatever happened to the files or the processes."""

import json
import os
import pickle
import random
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psynapse.engine.disk_cache import LEAST_SECONDS, DiskCache
from psynapse.engine.entry import Entry, make_entry

HERE = b"surroundings"
KEY = b"k" * 16
COSTLY = LEAST_SECONDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cache"


@pytest.fixture
def disk(folder: Path) -> Iterator[DiskCache]:
    cache = DiskCache(folder, HERE)
    yield cache
    cache.close()


def keep(disk: DiskCache, value: object, key: bytes = KEY, seconds: float = COSTLY) -> None:
    disk.put(key, make_entry(value, seconds))
    assert disk.flush(20)


def later(disk: DiskCache) -> DiskCache:
    """As another process would see it."""
    return DiskCache(disk.folder, HERE, limit=disk.limit)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


Values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=4) | st.tuples(inner)
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=Values, key=st.binary(min_size=16, max_size=16))
def test_what_was_kept_is_found_by_others(disk: DiskCache, value: Any, key: bytes):
    keep(disk, value, key)
    found = later(disk).get(key)
    assert found is not None
    assert (found.value, found.seconds) == (value, COSTLY)
    assert found.intact


def test_an_array_comes_back_as_it_was_and_may_be_changed(disk: DiskCache):
    array = np.arange(300_000.0).reshape(600, 500)
    keep(disk, {"array": array})
    found = disk.get(KEY)
    assert found is not None
    loaded: Any = found.value
    assert np.array_equal(loaded["array"], array)
    loaded["array"] += 1
    assert not found.intact


def test_what_was_quick_is_not_kept(disk: DiskCache, folder: Path):
    keep(disk, "quick", seconds=LEAST_SECONDS * 0.99)
    assert not folder.exists()
    assert later(disk).get(KEY) is None


def test_results_do_not_leak_into_other_surroundings_or_to_other_keys(disk: DiskCache):
    keep(disk, "secret")
    assert DiskCache(disk.folder, b"others").get(KEY) is None
    assert disk.get(b"x" * 16) is None


def test_what_is_there_is_told_by_position(disk: DiskCache):
    keep(disk, 1, b"a" * 16)
    keep(disk, 2, b"b" * 16)
    assert later(disk).holds([b"b" * 16, None, b"c" * 16, b"a" * 16]) == [0, 3]
    assert DiskCache(disk.folder / "nowhere", HERE).holds([KEY]) == []


def test_a_result_that_another_process_has_just_written_is_seen_at_once(disk: DiskCache):
    other = later(disk)
    for number in range(50):
        key = number.to_bytes(16, "big")
        assert other.holds([key]) == []
        keep(disk, number, key)
        assert other.holds([key]) == [0]


def test_folder_and_files_are_the_owners_alone(disk: DiskCache, folder: Path):
    folder.parent.mkdir(mode=0o755)
    folder.mkdir(mode=0o755)
    keep(disk, 1)
    keep(disk, print_lock(), b"r" * 16)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert len(names(folder)) == 2


def print_lock() -> object:
    """Something that cannot be pickled."""
    return threading.Lock()


# Files that are not what they were


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.999])
def test_a_torn_file_is_a_miss_and_removed(disk: DiskCache, folder: Path, share: float):
    keep(disk, list(range(1000)))
    path = only_file(folder)
    os.truncate(path, int(path.stat().st_size * share))
    assert later(disk).get(KEY) is None
    assert names(folder) == []


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_is_a_miss_and_the_file_removed(disk: DiskCache, folder: Path, place: float, bit: int):
    keep(disk, list(range(100)))
    path = only_file(folder)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    path.write_bytes(content)
    assert later(disk).get(KEY) is None
    assert names(folder) == []


def test_the_result_of_another_key_under_this_name_is_a_miss(disk: DiskCache, folder: Path):
    keep(disk, "mine")
    mine = only_file(folder)
    keep(disk, "other", b"o" * 16)
    (other,) = set(folder.iterdir()) - {mine}
    other.replace(mine)
    assert later(disk).get(KEY) is None
    assert names(folder) == []


@pytest.mark.parametrize("kind", ["link", "pipe", "text", "nothing"])
def test_a_foreign_file_is_a_miss_and_removed(disk: DiskCache, folder: Path, tmp_path: Path, kind: str):
    keep(disk, "mine")
    path = only_file(folder)
    elsewhere = tmp_path / "elsewhere"
    path.rename(elsewhere)
    match kind:
        case "link":
            path.symlink_to(elsewhere)
        case "pipe":
            os.mkfifo(path)
        case _:
            path.write_text("not a result" if kind == "text" else "")
    assert later(disk).get(KEY) is None
    assert names(folder) == []
    assert elsewhere.exists()


def test_a_folder_that_is_a_link_is_not_written_to(folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder.parent.mkdir()
    folder.symlink_to(elsewhere)
    disk = DiskCache(folder, HERE)
    keep(disk, 1)
    assert names(elsewhere) == []
    assert "is a link" in caplog.text


class Moody:
    """Unpickles only while its class says so."""

    works = True

    def __setstate__(self, state: object) -> None:
        if not Moody.works:
            raise SystemExit("not today")

    def __getstate__(self) -> object:
        return {"a": 1}


def test_a_value_that_cannot_be_unpickled_any_more_is_a_miss_and_removed(
    disk: DiskCache, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    keep(disk, Moody())
    assert later(disk).get(KEY)
    monkeypatch.setattr(Moody, "works", False)
    assert later(disk).get(KEY) is None
    assert names(folder) == []


class Forgetful(list[int]):
    """A list that comes back empty."""

    def __reduce__(self) -> Any:
        return (Forgetful, ())


def test_a_value_that_does_not_come_back_equal_is_a_miss(disk: DiskCache, folder: Path):
    keep(disk, Forgetful([1, 2]))
    assert later(disk).get(KEY) is None
    assert names(folder) == []


# What is not kept, and why


REFUSED: dict[str, tuple[Any, str]] = {
    "a lock": (print_lock(), "pickle"),
    "a function without a name": (lambda: 0, "lambda"),
    "a file's name": ({"saved": [Path("picture.png")]}, "picture.png, which may be gone"),
    "an open file": (sys.__stdout__, "TextIOWrapper"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_kept_leaves_the_reason(disk: DiskCache, case: str):
    value, reason = REFUSED[case]
    keep(disk, value)
    other = later(disk)
    assert other.holds([KEY]) == []
    assert other.get(KEY) is None
    assert reason in other.refusal(KEY)
    assert other.refusal(b"x" * 16) == ""


def test_a_reason_goes_when_the_result_could_be_kept_after_all(disk: DiskCache, folder: Path):
    keep(disk, print_lock())
    keep(disk, "text")
    assert len(names(folder)) == 1
    assert later(disk).get(KEY)


def test_what_is_too_large_is_not_kept(folder: Path):
    disk = DiskCache(folder, HERE, limit=10_000)
    keep(disk, b"x" * 20_000)
    assert disk.holds([KEY]) == []
    assert disk.refusal(KEY) == "it takes more than 10,000 bytes"
    # Its estimated size says too little.
    keep(disk, Understated("y" * 20_000))
    assert disk.holds([KEY]) == []


class Understated:
    nbytes = 10

    def __init__(self, text: str) -> None:
        self.text = text


def test_what_was_changed_before_it_was_written_is_not_kept(disk: DiskCache, folder: Path):
    array = np.ones(500_000)
    entry = make_entry(array, COSTLY)
    array *= 2
    disk.put(KEY, entry)
    assert disk.flush(20)
    assert names(folder) == []


# The bound


def test_the_total_stays_bounded_and_what_was_wanted_last_stays(folder: Path):
    disk = DiskCache(folder, HERE, limit=200_000)
    keys = [number.to_bytes(16, "big") for number in range(30)]
    for age, key in enumerate(keys):
        keep(disk, random.randbytes(20_000), key)
        assert sum(path.stat().st_size for path in folder.iterdir()) <= disk.limit
        # As if a minute lay between them, the first one wanted each time.
        for number, held in enumerate(keys[: age + 1]):
            for path in folder.glob(f"{disk._name(held)}*"):
                os.utime(path, (number * 60, number * 60))
        assert disk.get(keys[0])
    assert disk.holds(keys)[0] == 0
    assert disk.holds(keys)[-1] == 29
    assert 5 <= len(disk.holds(keys)) <= 10


def test_what_killed_processes_left_is_removed_but_not_what_others_write_now(disk: DiskCache, folder: Path):
    keep(disk, 1)
    old, young = folder / "tmpold.part", folder / "tmpyoung.part"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (1, 1))
    keep(disk, 2, b"b" * 16)
    assert not old.exists()
    assert young.exists()


# Off the critical path


class Slow:
    """Takes as long to pickle as the test wants."""

    may_go = threading.Event()

    def __reduce__(self) -> Any:
        assert Slow.may_go.wait(20)
        return (int, (7,))


def test_nobody_waits_for_the_disk(disk: DiskCache):
    began = time.perf_counter()
    disk.put(KEY, Entry(Slow(), 100, COSTLY, None))
    disk.put(b"b" * 16, make_entry("behind it", COSTLY))
    assert not disk.flush(0.05)
    assert time.perf_counter() - began < 1
    Slow.may_go.set()
    assert disk.flush(20)
    assert len(disk.holds([KEY, b"b" * 16])) == 2


def test_what_unpickles_is_read_by_nobody_else(disk: DiskCache, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A file of another user in the folder is not unpickled: it could do anything."""
    keep(disk, {"a": 1})
    owner = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    monkeypatch.setattr(pickle, "load", lambda file: pytest.fail("it was unpickled"))
    assert disk.get(KEY) is None
    assert json.dumps(names(folder)) == "[]"
