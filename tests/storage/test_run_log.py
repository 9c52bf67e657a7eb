"""What the log gives back while everything goes well."""

import asyncio
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest
from logged_runs import add_run, begin, opened, with_log

from psynapse.errors import StorageError
from psynapse.storage.records import RunRecord
from psynapse.storage.run_log import RunLog

MANY = 100_000
LEAST_ROWS_PER_SECOND = 10_000
EVENT = b'{"seq":123456,"at":1.2345,"node":"n1","status":"completed","output":{"value":12345,"kind":"number"}}'


def test_events_are_read_back_in_order_from_any_number_on(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log.append("run", 0, [b"a", b"b"])
        await log.append("run", 2, [b"c"])
        assert await log.read("run", -1, 10) == [(0, b"a"), (1, b"b"), (2, b"c")]
        assert await log.read("run", 0, 1) == [(1, b"b")]
        assert await log.read("run", 2, 10) == []
        assert await log.read("another", -1, 10) == []

    with_log(path, use)


def test_a_run_is_described_from_its_beginning_to_its_end(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run", boot="b1", at=7.5)
        assert await log.get("run") == RunRecord("run", "b1", 7.5, "digest", 3, "running", None, "")
        await log.finish("run", "failed", 2.5)
        assert await log.get("run") == RunRecord("run", "b1", 7.5, "digest", 3, "failed", 2.5, "")
        await log.finish("run", "succeeded", 9.0)
        assert await log.get("run") == RunRecord("run", "b1", 7.5, "digest", 3, "failed", 2.5, "")
        assert await log.get("another") is None

    with_log(path, use)


def test_a_plan_is_kept_byte_for_byte(path: Path):
    async def use(log: RunLog) -> None:
        plan = bytes(range(256))
        await log.begin("run", "boot", started_at=1.0, workflow_digest="", plan_json=plan, node_count=0)
        assert await log.plan("run") == plan
        assert await log.plan("another") is None

    with_log(path, use)


def test_runs_are_listed_newest_first_and_page_by_page(path: Path):
    async def use(log: RunLog) -> None:
        for number in range(5):
            await begin(log, f"r{number}")
        first = await log.list(2)
        assert [record.run_id for record in first] == ["r4", "r3"]
        assert [record.run_id for record in await log.list(9, first[-1].run_id)] == ["r2", "r1", "r0"]
        assert await log.list(9, "unknown") == ()

    with_log(path, use)


def test_everything_is_there_after_closing_and_opening_again(path: Path):
    with_log(path, lambda log: add_run(log, "run", [b"a", b"b"]))

    async def check(log: RunLog) -> None:
        record = await log.get("run")
        assert record is not None
        assert record.status == "succeeded"
        assert await log.read("run", -1, 10) == [(0, b"a"), (1, b"b")]

    with_log(path, check)


@pytest.mark.parametrize("first_seq", [0, 1, 3])
def test_events_with_a_number_missing_or_twice_are_refused_whole(path: Path, first_seq: int):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log.append("run", 0, [b"a", b"b"])
        with pytest.raises(StorageError, match="cannot follow number 1"):
            await log.append("run", first_seq, [b"x", b"y"])
        assert await log.append("run", 2, [b"c"]) is None
        assert await log.read("run", -1, 10) == [(0, b"a"), (1, b"b"), (2, b"c")]

    with_log(path, use)


def test_a_run_id_is_taken_once(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        with pytest.raises(StorageError, match="in the log already"):
            await begin(log, "run")
        assert await log.append("run", 0, [b"a"]) is None

    with_log(path, use)


def test_events_of_a_run_that_was_never_entered_are_reported_once(path: Path):
    async def use(log: RunLog) -> None:
        unlogged = await log.append("run", 0, [b"a"])
        assert unlogged is not None
        assert "never entered" in unlogged.reason
        assert await log.append("run", 1, [b"b"]) is None

    with_log(path, use)


def test_only_runs_of_another_boot_that_never_finished_become_lost(path: Path):
    async def use(log: RunLog) -> None:
        await add_run(log, "ended", [b"a"])
        await begin(log, "old", boot="boot")
        await log.append("old", 0, [b"a"])
        await begin(log, "new", boot="boot-2")
        assert await log.mark_lost("boot-2") == ("old",)
        assert await log.mark_lost("boot-2") == ()
        assert [record.status for record in await log.list(9)] == ["running", "lost", "succeeded"]
        assert await log.read("old", -1, 10) == [(0, b"a")]

    with_log(path, use)


def test_batches_that_are_queued_at_once_are_stored_in_the_order_they_were_made(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await asyncio.gather(*(log.append("run", seq, [str(seq).encode()]) for seq in range(200)))
        assert await log.read("run", -1, 500) == [(seq, str(seq).encode()) for seq in range(200)]

    with_log(path, use)


def test_a_batch_is_stored_although_its_caller_was_cancelled(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        appending = asyncio.create_task(log.append("run", 0, [b"a"] * 5_000))
        await asyncio.sleep(0)
        appending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await appending
        assert await log.append("run", 5_000, [b"b"]) is None
        assert len(await log.read("run", -1, 9_999)) == 5_001

    with_log(path, use)


def test_closing_stores_what_is_queued_and_ends_the_log(path: Path):
    async def use() -> None:
        log = RunLog(path)
        await begin(log, "run")
        appending = [asyncio.create_task(log.append("run", seq * 100, [b"a"] * 100)) for seq in range(50)]
        await asyncio.sleep(0)
        await log.close()
        await log.close()
        assert await asyncio.gather(*appending) == [None] * 50
        with pytest.raises(StorageError, match="closed"):
            await log.get("run")

    asyncio.run(use())
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (5_000,)


def test_events_that_were_encoded_together_are_read_from_any_of_their_numbers(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log.append("run", 0, [b"0-2"], span=3)
        await log.append("run", 3, [b"3"])
        await log.append("run", 4, [b"4-5", b"6-7"], span=2)
        stored = [(0, b"0-2"), (3, b"3"), (4, b"4-5"), (6, b"6-7")]
        for after, first in [(-1, 0), (0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (7, 4), (99, 4)]:
            assert await log.read("run", after, 9) == stored[first:]
        assert await log.read("run", 1, 2) == stored[:2]
        with pytest.raises(StorageError, match="cannot follow number 7"):
            await log.append("run", 7, [b"x"])

    with_log(path, use)


def test_the_last_events_are_stored_in_the_same_instant_as_the_end(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "run")
        await log.append("run", 0, [b"a"])
        assert await log.finish("run", "succeeded", 1.0, (1, b"b-c", 2)) is None
        assert await log.read("run", -1, 9) == [(0, b"a"), (1, b"b-c")]
        record = await log.get("run")
        assert record is not None
        assert (record.status, record.unlogged) == ("succeeded", "")

    with_log(path, use)


def test_only_the_user_may_read_the_log(path: Path):
    async def use(log: RunLog) -> None:
        await add_run(log, "run", [b"a"])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert len(modes) == 3
        assert set(modes.values()) == {0o600}

    with_log(path, use)


def test_the_event_loop_runs_on_while_a_hundred_thousand_events_are_stored(path: Path):
    async def use() -> tuple[float, float]:
        longest, done = 0.0, False

        async def tick() -> None:
            nonlocal longest
            while not done:
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                longest = max(longest, time.perf_counter() - before)

        async with opened(path) as log:
            await begin(log, "run")
            ticking = asyncio.create_task(tick())
            started = time.perf_counter()
            for seq in range(0, MANY, 100):
                assert await log.append("run", seq, [EVENT] * 100) is None
            seconds, done = time.perf_counter() - started, True
            await ticking
            assert [seq for seq, _ in await log.read("run", MANY - 3, 10)] == [MANY - 2, MANY - 1]
        return MANY / seconds, longest

    rate, longest = asyncio.run(use())
    print(f"{rate:,.0f} events/s, event loop late by {longest * 1000:.1f} ms")  # noqa: T201 (shown by -rP)
    assert rate > LEAST_ROWS_PER_SECOND
    assert longest < 1.0
