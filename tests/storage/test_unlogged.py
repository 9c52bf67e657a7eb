"""A disk that refuses makes a run unlogged, which is said once, and never stops the next one."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from logged_runs import add_run, begin, fill_disk, start_python, with_log

from psynapse.storage.database import StorageUnavailable
from psynapse.storage.records import Unlogged
from psynapse.storage.run_log import LONGEST_BACKLOG, RunLog

BIG = [b"x" * 5_000] * 10


def test_a_full_disk_is_reported_once_and_the_next_run_is_logged_again(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log.append("run", 0, [b"a"])
        await fill_disk(log)
        unlogged = await log.append("run", 1, BIG)
        assert isinstance(unlogged, Unlogged)
        assert unlogged.run_id == "run"
        assert "full" in unlogged.reason
        assert await log.append("run", 11, [b"b"]) is None
        record = await log.get("run")
        assert record is not None
        assert (record.status, record.unlogged) == ("running", unlogged.reason)
        assert await log.finish("run", "succeeded", 1.0) is None
        await add_run(log, "next", BIG)

        record = await log.get("run")
        assert record is not None
        assert (record.status, record.unlogged) == ("succeeded", unlogged.reason)
        assert await log.read("run", -1, 99) == [(0, b"a")]
        assert len(await log.read("next", -1, 99)) == 10

    with_log(path, use)


def test_batches_queued_behind_a_failed_one_leave_no_gap(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await fill_disk(log)
        batches = [BIG, [b"small"], [b"small"]]
        pairs = zip((0, 10, 11), batches, strict=True)
        answers = await asyncio.gather(*(log.append("run", seq, batch) for seq, batch in pairs))
        assert [answer is None for answer in answers] == [False, True, True]
        assert await log.read("run", -1, 99) == []

    with_log(path, use)


def test_a_run_that_could_not_be_entered_is_reported_and_then_left_alone(path: Path):
    async def use(log: RunLog) -> None:
        await add_run(log, "before", [b"a"])
        await fill_disk(log)
        unlogged = await log.begin(
            "run", "boot", started_at=1.0, workflow_digest="", plan_json=b"x" * 50_000, node_count=1
        )
        assert isinstance(unlogged, Unlogged)
        assert await log.append("run", 0, [b"a"]) is None
        assert await log.finish("run", "succeeded", 1.0) is None
        assert await log.get("run") is None
        assert [record.run_id for record in await log.list(9)] == ["before"]

    with_log(path, use)


def test_a_slow_disk_is_not_waited_for_with_more_than_a_bounded_backlog(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        half = [b"x" * (LONGEST_BACKLOG // 2 + 1)]
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            first = asyncio.create_task(log.append("run", 0, half))
            await asyncio.sleep(0.05)
            started = time.perf_counter()
            unlogged = await log.append("run", 1, half)
            assert unlogged is not None
            assert "too slow" in unlogged.reason
            assert await log.append("run", 2, half) is None
            assert await log.append("run", 3, [b"b"]) is None
            assert time.perf_counter() - started < 1.0
            other.execute("COMMIT")
            assert await first is None
        assert [seq for seq, _ in await log.read("run", -1, 9)] == [0]

    with_log(path, use)


def test_an_ending_that_cannot_be_stored_is_kept_until_it_can(path: Path):
    folder, away = path.parent, path.parent.with_name("away")

    async def use(log: RunLog) -> None:
        for run_id in ("one", "two"):
            await begin(log, run_id)
        await log._thread.call(log._database.close)
        await asyncio.to_thread(folder.rename, away)
        unlogged = await log.finish("one", "succeeded", 1.0)
        assert unlogged is not None
        assert unlogged.run_id == "one"
        await asyncio.to_thread(away.rename, folder)
        assert [record.status for record in await log.list(9)] == ["running", "succeeded"]
        assert log._owed.keys() == {"one"}
        await log.finish("two", "failed", 1.0)
        assert log._owed == {}

    async def check(log: RunLog) -> None:
        assert [record.status for record in await log.list(9)] == ["failed", "succeeded"]

    with_log(path, use)
    with_log(path, check)


def test_last_events_that_cannot_be_stored_make_the_run_unlogged_although_its_end_is_kept(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await fill_disk(log)
        unlogged = await log.finish("run", "failed", 1.0, (0, b"x" * 50_000, 7))
        assert unlogged is not None
        record = await log.get("run")
        assert record is not None
        assert (record.status, record.unlogged) == ("failed", unlogged.reason)
        await begin(log, "next")
        assert log._owed == {}
        assert await log.read("run", -1, 9) == []

    with_log(path, use)


def test_closing_is_no_error_while_the_disk_refuses(path: Path):
    folder, away = path.parent, path.parent.with_name("away")

    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log._thread.call(log._database.close)
        await asyncio.to_thread(folder.rename, away)
        assert await log.finish("run", "succeeded", 1.0) is not None

    with_log(path, use)
    away.rename(folder)
    assert with_log(path, lambda log: log.mark_lost("next")) == ("run",)


LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from psynapse.storage.run_log import RunLog

def allow(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

async def begin(log, run_id):
    return await log.begin(run_id, "boot", started_at=1.0, workflow_digest="", plan_json=b"{}", node_count=1)

async def main():
    log = RunLog(Path(sys.argv[1]))
    print(await begin(log, "run"))
    stored = await log.append("run", 0, [b"a"] * 10)
    allow(400_000)
    told = [await log.append("run", 10 + 100 * n, [b"x" * 1000] * 100) for n in range(5)]
    print(stored, told[0], sum(answer is not None for answer in told), next(filter(None, told)).reason)
    allow(1)
    print(await log.finish("run", "succeeded", 1.0), (await begin(log, "unlucky")) is not None)
    await log.finish("unlucky", "failed", 1.0)
    allow(resource.RLIM_INFINITY)
    print(await begin(log, "next"), await log.append("next", 0, [b"b"]), (await log.get("run")).status)
    await log.close()

asyncio.run(main())
"""


def test_a_disk_that_is_really_full_costs_the_runs_of_that_time_only(path: Path):
    child = start_python(LIMITED, path)
    output, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    begun, told, ending, after = output.splitlines()
    assert begun == "None"
    assert told.startswith("None None 1 ")
    assert str(path) in told
    assert ending == "None True"
    assert after == "None None succeeded"

    async def check(log: RunLog) -> None:
        records = {record.run_id: record for record in await log.list(9)}
        assert records.keys() == {"run", "next"}
        assert records["run"].status == "succeeded"
        assert records["run"].unlogged in told
        seqs = [seq for seq, _ in await log.read("run", -1, 9_999)]
        assert seqs == list(range(len(seqs)))
        assert 110 <= len(seqs) < 510

    with_log(path, check)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from psynapse.errors import StorageError
from psynapse.storage.data_dir import DataDirectory
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.run_log import RunLog

folder = Path(sys.argv[1])

def forbid():
    # Permissions say nothing to the superuser.
    os.seteuid(65534) if os.geteuid() == 0 else folder.chmod(0o555)

def allow():
    os.seteuid(0) if os.getuid() == 0 else folder.chmod(0o755)

async def begin(log, run_id):
    return await log.begin(run_id, "boot", started_at=1.0, workflow_digest="", plan_json=b"{}", node_count=1)

async def main():
    log = RunLog(folder / "runs.sqlite3")
    try:
        DataDirectory(folder).lock("boot")
    except StorageError as error:
        print(error.message)
    print((await begin(log, "run")).reason)
    print(await log.append("run", 0, [b"a"]))
    try:
        await log.get("run")
    except StorageUnavailable as error:
        print(error.hint)
    allow()
    print(await begin(log, "next"), await log.append("next", 0, [b"a"]))
    await log.close()

forbid()
asyncio.run(main())
"""


def test_a_read_only_folder_is_explained_and_used_as_soon_as_it_is_writable(open_folder: Path):
    child = start_python(READ_ONLY, open_folder)
    output, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    locking, begun, appended, hint, after = output.splitlines()
    assert "Permission denied" in locking
    assert str(open_folder) in begun
    assert appended == "None"
    assert "writable" in hint
    assert after == "None None"


def test_a_log_that_can_only_be_read_is_read(path: Path):
    with_log(path, lambda log: add_run(log, "run", [b"a"]))

    async def use(log: RunLog) -> None:
        def forbid() -> None:
            with log._database.transaction(writes=False) as connection:
                connection.execute("PRAGMA query_only = ON")

        await log._thread.call(forbid)
        assert await log.read("run", -1, 9) == [(0, b"a")]
        assert await begin(log, "next") is not None
        assert await log.read("run", -1, 9) == [(0, b"a")]

    with_log(path, use)


def test_a_path_that_cannot_hold_a_log_is_an_error_when_read(tmp_path: Path):
    async def use(log: RunLog) -> None:
        with pytest.raises(StorageUnavailable, match="cannot be used"):
            await log.get("run")
        with pytest.raises(StorageUnavailable):
            await log.prune(1, 1)
        assert await begin(log, "run") is not None

    with_log(tmp_path / "missing" / "runs.sqlite3", use)
