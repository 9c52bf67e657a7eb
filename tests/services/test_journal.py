"""How a run gets to its viewers and into the log: without gaps, in order, whatever the disk does."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.engine.records import COMPLETED, STARTED, Record, code_of, encode_records
from psynapse.model.event_json import decode_events
from psynapse.model.events import RunEvent, RunFinished, RunStarted, RunUnlogged, TaskStreamed
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan, Task
from psynapse.services import journal, tape
from psynapse.services.history import History
from psynapse.services.journal import LONGEST_STRETCH, PATIENCE_SECONDS, Entry
from psynapse.services.run import Conclusion, Run
from psynapse.storage.run_log import RunLog
from psynapse.worker.whole_values import WholeValues

Result = TypeVar("Result")
PLAN = Plan(tuple(Task(NodeId(node), "variableNode", node) for node in "abc"))


class Stage:
    """A real log, and runs in it whose worker is the test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = RunLog(path)
        self.history = History(self.log)

    def begin(self, name: str = "run", *, quiet: bool = False, plan: bytes = b"{}") -> Run:
        run = Run(name, PLAN, lambda _: None, quiet=quiet)
        entry = Entry(name, "boot", 1.0, "digest", plan, len(PLAN.tasks))
        run.log_to(self.log, entry, partial(self.history.events, name))
        return run

    async def stored(self, name: str = "run") -> list[RunEvent]:
        return [event async for batch in self.history.events(name) for event in batch]

    def stall(self, seconds: float) -> None:
        """Keep the log's thread busy, as a slow disk does."""
        self.log._thread._executor.submit(time.sleep, seconds)

    async def fill_disk(self) -> None:
        def limit() -> None:
            with self.log._database.transaction(writes=False) as connection:
                connection.execute("PRAGMA max_page_count = 1").fetchall()

        await self.log._thread.call(limit)


def play(path: Path, scene: Callable[[Stage], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        stage = Stage(path)
        try:
            return await scene(stage)
        finally:
            await stage.log.close()

    return asyncio.run(run())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "runs.db"


def records(*chunks: str) -> bytes:
    """What a worker sends when node ``a`` streams these chunks."""
    made: list[Record] = []
    for chunk in chunks:
        body = TaskStreamed(chunk)
        made.append((time.perf_counter(), 0, code_of(body), body))
    return encode_records(made)


def beginning() -> bytes:
    body = RunStarted(len(PLAN.tasks))
    return encode_records([(time.perf_counter(), -1, code_of(body), body), (time.perf_counter(), 0, STARTED, None)])


def ending() -> bytes:
    body = RunFinished("succeeded")
    now = time.perf_counter()
    return encode_records([(now, 0, COMPLETED, {"long": 10**30}), (now, -1, code_of(body), body)])


async def seen(run: Run, after: int = -1, *, slowly: bool = False) -> list[RunEvent]:
    told: list[RunEvent] = []
    async for batch in run.events(after):
        told += batch
        await asyncio.sleep(0.003 if slowly else 0)
    return told


def numbers(events: Sequence[RunEvent]) -> list[int]:
    return [event.seq for event in events]


steps = st.one_of(
    st.tuples(st.just("send"), st.integers(1, 5) | st.sampled_from([LONGEST_STRETCH, LONGEST_STRETCH + 1])),
    st.tuples(st.just("stall"), st.integers(1, 70)),
    st.tuples(st.just("pause"), st.integers(0, 30)),
    st.tuples(st.just("watch"), st.integers(-1, 20)),
    st.tuples(st.just("fill"), st.just(0)),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(steps, max_size=12),
    st.booleans(),
    st.sampled_from([1_000, 50_000, 4 << 20]),
    st.sampled_from([0.0, 0.002, 0.02]),
)
def test_every_viewer_sees_every_event_once_and_the_log_has_what_they_saw(
    script: list[tuple[str, int]], quiet: bool, kept_bytes: int, later: float
):
    async def scene(stage: Stage) -> None:
        run = stage.begin(quiet=quiet)
        run.add_records(beginning())
        viewers: list[tuple[int, asyncio.Task[list[RunEvent]]]] = []
        for verb, amount in script:
            if verb == "send":
                run.add_records(records(*(f"{verb}{number}" for number in range(amount))))
            elif verb == "stall":
                stage.stall(amount / 1_000)
            elif verb == "pause":
                await asyncio.sleep(amount / 1_000)
            elif verb == "watch":
                viewers.append((amount, asyncio.create_task(seen(run, amount, slowly=amount % 2 == 0))))
            else:
                await stage.fill_disk()
        run.add_records(ending())
        run.finish(Conclusion("succeeded"))
        await asyncio.sleep(later)
        whole = await asyncio.wait_for(seen(run), 10)
        assert numbers(whole) == list(range(len(whole)))
        assert isinstance(whole[-1].body, RunFinished)
        assert sum(isinstance(event.body, RunFinished) for event in whole) == 1
        for after, viewer in viewers:
            assert await asyncio.wait_for(viewer, 10) == whole[after + 1 :]
        await run.settle()
        stored = await stage.stored()
        notices = [event.body for event in whole if isinstance(event.body, RunUnlogged)]
        assert stored == whole[: len(stored)]
        assert all(notice.reason == run.info.unlogged for notice in notices)
        # After a stall viewers may know the end before the log fails at it; then only the description tells.
        assert len(notices) == 1 or not run.info.unlogged or len(stored) < len(whole)
        assert run.in_log is (not run.info.unlogged)
        assert not run.in_log or len(stored) == len(whole)
        record = await stage.log.get("run")
        if record is not None:
            assert (record.status, record.unlogged) == ("succeeded", run.info.unlogged)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tape, "MOST_STORED_BYTES", kept_bytes)
        play(Path(folder, "runs.db"), scene)


def test_what_a_viewer_sees_is_committed_already(path: Path, monkeypatch: pytest.MonkeyPatch):
    # The disk of a busy machine may need longer than viewers wait.
    monkeypatch.setattr(journal, "PATIENCE_SECONDS", 30.0)

    async def scene(stage: Stage) -> None:
        run = stage.begin()
        run.add_records(beginning())
        told = 0
        async for batch in run.events():
            with closing(sqlite3.connect(path)) as other:
                rows = other.execute("SELECT seq, body FROM events ORDER BY seq").fetchall()
            assert [event for seq, body in rows for event in decode_events(body, seq)][told:] == batch
            told += len(batch)
            if told < 20:
                run.add_records(records("a", "b"))
            elif not run.finished:
                run.finish(Conclusion("failed"))
        assert told >= 20

    play(path, scene)


def test_a_slow_disk_delays_nobody_for_long(path: Path):
    async def scene(stage: Stage) -> None:
        await stage.log.get("opened")
        stage.stall(1.0)
        run = stage.begin()
        run.add_records(beginning())
        began = time.perf_counter()
        run.add_records(records("a"))
        run.finish(Conclusion("succeeded"))
        assert len(await seen(run)) == 4
        assert PATIENCE_SECONDS * 0.9 < time.perf_counter() - began < 0.5
        assert not run.in_log
        await run.settle()
        assert numbers(await stage.stored()) == [0, 1, 2, 3]
        assert run.in_log

    play(path, scene)


def test_what_comes_while_something_is_written_is_written_together(path: Path):
    async def scene(stage: Stage) -> None:
        run = stage.begin()
        await run.settle()
        stage.stall(0.1)
        for number in range(100):
            run.add_records(records(str(number)))
            await asyncio.sleep(0)
        run.finish(Conclusion("succeeded"))
        await run.settle()
        # The first, and all that came while it was written.
        assert [seq for seq, _ in await stage.log.read("run", -1, 99)] == [0, 1]
        assert len(await stage.stored()) == 101

    play(path, scene)


def test_a_disk_that_hangs_costs_a_bounded_amount_of_memory(path: Path):
    async def scene(stage: Stage) -> None:
        run = stage.begin()
        await run.settle()
        stage.stall(1.5)
        large = records(*["x" * 20_000] * LONGEST_STRETCH)
        for _ in range(5):
            run.add_records(large)
            await asyncio.sleep(0)
        async for batch in run.events():
            if any(isinstance(event.body, RunUnlogged) for event in batch):
                break
        assert "too slow" in run.info.unlogged
        run.finish(Conclusion("succeeded"))
        assert numbers(await seen(run)) == list(range(5 * LONGEST_STRETCH + 2))
        await run.settle()
        record = await stage.log.get("run")
        assert record is not None
        assert record.unlogged == run.info.unlogged

    play(path, scene)


def test_a_run_that_could_not_be_entered_says_so_first(path: Path):
    async def scene(stage: Stage) -> None:
        await stage.fill_disk()
        run = stage.begin(plan=b"x" * 50_000)
        await run.settle()
        run.add_records(beginning())
        run.finish(Conclusion("succeeded"))
        told = await seen(run)
        assert isinstance(told[0].body, RunUnlogged)
        assert numbers(told) == [0, 1, 2, 3]
        assert await stage.log.get("run") is None
        # The next one finds a disk with room again.
        after = stage.begin("after")
        after.finish(Conclusion("succeeded"))
        await after.settle()
        assert after.in_log

    play(path, scene)


def test_of_an_unlogged_run_only_the_newest_events_stay(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tape, "MOST_UNLOGGED", 100)

    async def scene(stage: Stage) -> None:
        run = stage.begin()
        run.add_records(records(*["a"] * 30))
        await run.settle()
        await stage.fill_disk()
        for _ in range(30):
            run.add_records(records(*["b" * 500] * 10))
            await asyncio.sleep(0.002)
        run.finish(Conclusion("succeeded"))
        told = numbers(await asyncio.wait_for(seen(run), 5))
        assert told[:30] == list(range(30))
        assert told[30:] == list(range(told[30], 30 + 300 + 2))
        assert 50 <= len(told) - 30 <= 120

    play(path, scene)


def quietly_ended(stage: Stage, *batches: bytes) -> Run:
    run = stage.begin(quiet=True)
    for batch in batches:
        run.add_records(batch)
    run.finish(Conclusion("succeeded", WholeValues({"a": [b"1"]})))
    return run


def test_a_quiet_run_answers_before_its_events_are_made_and_has_them_all_the_same(path: Path):
    async def scene(stage: Stage) -> None:
        run = quietly_ended(stage, beginning(), ending())
        assert (await run.result()).values == {"a": 1}
        assert run._tape.end == 0
        await asyncio.sleep(0.2)
        await run.settle()
        assert [type(event.body).__name__ for event in await stage.stored()] == [
            "RunStarted", "TaskStarted", "TaskCompleted", "RunFinished",
        ]  # fmt: skip
        assert await seen(run) == await stage.stored()

    play(path, scene)


def test_the_log_has_of_a_quiet_run_what_its_worker_said_in_one_piece(path: Path):
    async def scene(stage: Stage) -> None:
        run = quietly_ended(stage, beginning(), records("one", "two"), ending())
        await asyncio.sleep(0.02)
        await run.settle()
        assert run.in_log
        ((first, stored),) = await stage.log.read("run", -1, 10)
        assert first == 0
        assert b'"one"' in stored
        events = await stage.stored()
        assert numbers(events) == list(range(6))
        for after in range(-1, 6):
            assert [event async for batch in stage.history.events("run", after) for event in batch] == events[
                after + 1 :
            ]
            assert await seen(run, after) == events[after + 1 :]

    play(path, scene)


def test_a_quiet_run_that_the_disk_does_not_take_says_so_before_its_end(path: Path):
    async def scene(stage: Stage) -> None:
        run = stage.begin(quiet=True)
        await run.settle()
        await stage.fill_disk()
        run.add_records(beginning())
        run.add_records(records("x" * 100_000))
        run.add_records(ending())
        run.finish(Conclusion("succeeded"))
        await asyncio.sleep(0.02)
        told = [type(event.body) for event in await seen(run)]
        assert told[-2:] == [RunUnlogged, RunFinished]
        assert len(told) == 6
        assert run.info.unlogged
        assert await stage.stored() == []

    play(path, scene)


@pytest.mark.parametrize("rubbish", [b"", b"[", b"{}", b"[3]", b"[[0.0, 99, 0, null]]", b"[[0.0, 0, 99, {}]]"])
def test_of_a_quiet_run_whose_worker_talks_rubbish_the_rest_is_told(path: Path, rubbish: bytes):
    async def scene(stage: Stage) -> None:
        run = quietly_ended(stage, beginning(), rubbish, ending())
        await asyncio.sleep(0.02)
        told = await asyncio.wait_for(seen(run), 5)
        assert [type(event.body).__name__ for event in told] == [
            "RunStarted", "TaskStarted", "TaskCompleted", "RunFinished",
        ]  # fmt: skip
        await run.settle()
        assert await stage.stored() == told

    play(path, scene)
