import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from psynapse.storage.database import StorageUnavailable
from psynapse.storage.inspection import inspect_log, set_aside
from psynapse.storage.run_log import RunLog


async def _with_runs(log: RunLog, count: int) -> None:
    for number in range(count):
        await log.begin(f"run-{number}", "boot", time.time(), "digest", b"{}" * 2000, 1)
        await log.append(f"run-{number}", 0, [b"x" * 5000])
        await log.finish(f"run-{number}", "succeeded", 0.1)


def _written(path: Path, count: int = 20) -> None:
    async def scene() -> None:
        log = RunLog(path)
        await _with_runs(log, count)
        await log.close()

    asyncio.run(scene())


def test_a_sound_log_is_counted_and_left_exactly_as_it_is(path: Path):
    _written(path)
    before = path.read_bytes()
    found = inspect_log(path)
    assert (found.problem, found.whole, found.runs) == ("", True, 20)
    assert found.size == len(before)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_log_is_read_while_its_server_writes(path: Path):
    async def scene() -> None:
        log = RunLog(path)
        await _with_runs(log, 3)
        assert (await asyncio.to_thread(inspect_log, path)).runs == 3
        await _with_runs_again(log)
        await log.close()

    async def _with_runs_again(log: RunLog) -> None:
        assert await log.begin("later", "boot", time.time(), "digest", b"{}", 1) is None

    asyncio.run(scene())


def test_a_log_that_was_only_just_begun_is_sound(path: Path):
    path.touch()
    assert inspect_log(path).problem == ""


def test_damage_in_the_middle_is_found(path: Path):
    _written(path)
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xee" * 64
    path.write_bytes(content)
    assert inspect_log(path).problem.startswith("is damaged")


def test_what_is_no_database_is_damaged_and_what_is_another_is_foreign(path: Path):
    path.write_bytes(b"no database" * 1000)
    assert inspect_log(path).problem.startswith("is damaged")
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    assert inspect_log(path).problem == "is a database of something else"


def test_a_log_that_takes_too_long_is_not_looked_at_to_its_end(path: Path):
    _written(path, 400)
    found = inspect_log(path, seconds=0.0)
    assert (found.whole, found.problem, found.runs) == (False, "", 400)


def test_a_log_that_cannot_be_read_says_so(path: Path):
    path.mkdir()
    with pytest.raises(StorageUnavailable, match="cannot be read"):
        inspect_log(path)


def test_logs_that_were_set_aside_are_found_without_their_companions(path: Path):
    for name in (".aside-20200101T000000Z", ".aside-20210101T000000Z", ".aside-20200101T000000Z-wal"):
        path.with_name(path.name + name).touch()
    assert [entry.name[-8:] for entry in set_aside(path)] == ["T000000Z"] * 2
