"""Old runs go, oldest first, until age and size are within bounds."""

import asyncio
from pathlib import Path

from logged_runs import add_run, begin, opened, with_log

from psynapse.storage.records import Pruned
from psynapse.storage.run_log import RunLog

DAY = 86_400.0
NO_LIMIT = 1 << 50
EVENTS = [b"x" * 1_000] * 500


def size_of(path: Path) -> int:
    return path.stat().st_size


def test_finished_runs_go_when_they_are_too_old_and_others_stay(path: Path):
    async def use(log: RunLog) -> None:
        for day in range(5):
            await add_run(log, f"day{day}", [b"a"], at=day * DAY)
        await begin(log, "going", at=0)
        pruned = await log.prune(2, NO_LIMIT, now=4 * DAY)
        assert pruned.run_ids == ("day0", "day1")
        assert [record.run_id for record in await log.list(9)] == ["going", "day4", "day3", "day2"]
        assert await log.get("day0") is None
        assert await log.read("day0", -1, 9) == []
        assert await log.read("day2", -1, 9) == [(0, b"a")]
        assert await log.prune(2, NO_LIMIT, now=4 * DAY) == Pruned((), 0)

    with_log(path, use)


def test_the_oldest_go_until_the_log_is_small_enough_and_the_file_shrinks(path: Path):
    async def use(log: RunLog) -> None:
        for number in range(8):
            await add_run(log, f"r{number}", EVENTS, at=1000.0)
        await log._thread.call(log._database.close)
        full = size_of(path)
        pruned = await log.prune(NO_LIMIT, full // 2, now=2000.0)
        assert list(pruned.run_ids) == [f"r{number}" for number in range(len(pruned.run_ids))]
        assert 3 <= len(pruned.run_ids) <= 5
        assert size_of(path) <= full // 2
        assert abs(full - size_of(path) - pruned.freed) < full // 10
        for number in range(8):
            kept = f"r{number}" not in pruned.run_ids
            assert len(await log.read(f"r{number}", -1, 999)) == (500 if kept else 0)

    with_log(path, use)


def test_runs_that_go_on_are_never_removed(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "going", at=0)
        await log.append("going", 0, EVENTS)
        await add_run(log, "ended", EVENTS, at=0)
        assert (await log.prune(0, 0, now=DAY)).run_ids == ("ended",)
        assert len(await log.read("going", -1, 999)) == 500
        assert await log.append("going", 500, [b"a"]) is None

    with_log(path, use)


def test_lost_runs_are_removed_like_finished_ones(path: Path):
    async def use(log: RunLog) -> None:
        await begin(log, "lost", boot="old", at=0)
        await log.mark_lost("new")
        assert (await log.prune(1, NO_LIMIT, now=3 * DAY)).run_ids == ("lost",)

    with_log(path, use)


def test_events_are_stored_between_the_steps_of_a_long_pruning(path: Path):
    async def use() -> None:
        async with opened(path) as log:
            await add_run(log, "old", [b"x" * 100] * 30_000, at=0)
            await begin(log, "going", at=DAY)
            pruning, seq = asyncio.create_task(log.prune(1, NO_LIMIT, now=3 * DAY)), 0
            while not pruning.done():
                assert await log.append("going", seq, [b"a"]) is None
                seq += 1
            assert pruning.result().run_ids == ("old",)
            assert seq >= 6
            assert len(await log.read("going", -1, 99_999)) == seq

    asyncio.run(use())


def test_a_pruning_that_was_interrupted_is_taken_up_by_the_next(path: Path):
    async def use() -> None:
        async with opened(path) as log:
            await add_run(log, "old", [b"x" * 100] * 30_000, at=0)
            await add_run(log, "new", [b"a"], at=3 * DAY)
            pruning = asyncio.create_task(log.prune(1, NO_LIMIT, now=3 * DAY))
            # The runs disappear in the first step, the events in the seven after it.
            await asyncio.sleep(0)
            while any(record.run_id == "old" for record in await log.list(9)):
                assert not pruning.done()
            pruning.cancel()
            assert await log.read("old", -1, 9) == []
            assert [record.run_id for record in await log.list(9)] == ["new"]
            assert (await log.prune(1, NO_LIMIT, now=3 * DAY)).freed > 1_000_000
            assert await log.read("new", -1, 9) == [(0, b"a")]

    asyncio.run(use())
    assert path.stat().st_size < 100_000
