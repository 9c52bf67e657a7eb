"""Runs in a worker as the server sees them: records, values, fetching, and cancelling."""

import asyncio
import time
from typing import Any

import orjson
import pytest
from worker_bench import (
    Played,
    cancel,
    encoded_plan,
    fetch,
    follow,
    left_of,
    play,
    play_until_busy,
    request,
    wait_until,
    working,
)

from psynapse.engine.records import decode_records
from psynapse.errors import WorkerError
from psynapse.model.events import RunFinished, RunStarted, TaskCancelled
from psynapse.worker.client import GRACE_SECONDS, RunEnd, Worker, WorkerDied
from psynapse.worker.process import WorkerSpec


def test_a_run_s_records_come_first_and_then_its_end(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            plan = encoded_plan(worker.catalog, one=("add", {"a": 1}), two=("add", {"a": "@one"}), view="two")
            parts = [part async for part in worker.run(request(), plan)]
            *batches, end = parts
            assert isinstance(end, RunEnd)
            assert (end.status, end.values) == ("succeeded", {"view": 3})
            records = [record for batch in batches if isinstance(batch, bytes) for record in decode_records(batch)]
            assert isinstance(records[0][3], RunStarted)
            assert isinstance(records[-1][3], RunFinished)
            assert len(records) == 8

    asyncio.run(story())


def test_values_are_left_where_they_are_unless_asked_for(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            plan = encoded_plan(worker.catalog, node=("add", {"a": 1}), view="node")
            assert (await follow(worker, plan, request(whole=False), Played())).values == {}

    asyncio.run(story())


def test_a_chain_of_a_thousand_nodes_runs_again_and_again(spec: WorkerSpec):
    chain: dict[str, Any] = {f"n{n}": ("add", {"a": f"@n{n - 1}" if n else 0}) for n in range(1000)}

    async def story() -> None:
        async with working(spec) as worker:
            plan = encoded_plan(worker.catalog, **chain, view="n999")
            for run in ("first", "second", "third"):
                played = await follow(worker, plan, request(run), Played())
                assert (played.values, played.completed()) == ({"view": 1000}, 1001)

    asyncio.run(story())


def test_a_failing_node_costs_neither_its_worker_nor_its_neighbours(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            for function, words in (("fail", "no luck"), ("leave", "sys.exit(4)")):
                plan = encoded_plan(worker.catalog, bad=(function, {}), fine=("add", {"a": 1}), v="bad", w="fine")
                played = await follow(worker, plan, request(), Played())
                assert (played.status, played.values) == ("failed", {"v": None, "w": 2})
                assert words in played.failures[0].error
            assert worker.alive

    asyncio.run(story())


# Fetching


def test_whole_values_and_pages_of_them_are_fetched(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            await play(worker, "count", keep=True, to=1000)
            assert await fetch(worker) == list(range(1000))
            assert await fetch(worker, handle="result", start=990, count=5) == [990, 991, 992, 993, 994]
            assert await fetch(worker, start=998, count=100) == [998, 999]
            assert await fetch(worker, start=2000, count=10) == []
            assert await fetch(worker, start=-5, count=2) == [0, 1]
            assert await fetch(worker, node="view", count=1) == [0]

    asyncio.run(story())


def test_what_has_no_pages_is_fetched_whole_and_a_handle_is_a_key(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            await play(worker, "split", keep=True, text="hello")
            assert await fetch(worker, count=1) == {"head": "h", "tail": "ello"}
            assert await fetch(worker, handle="tail") == "ello"
            assert await fetch(worker, handle="tail", start=1, count=2) == "ll"
            with pytest.raises(WorkerError, match="neck"):
                await fetch(worker, handle="neck")

    asyncio.run(story())


def test_a_value_that_refuses_to_be_cut_costs_nothing(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            await play(worker, "odd_list", keep=True)
            assert await fetch(worker, start=2, count=2) == [2, 3]
            assert worker.alive

    asyncio.run(story())


def test_values_that_are_gone_are_an_error_that_says_what_to_do(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            with pytest.raises(WorkerError, match="no value of 'node' any more"):
                await fetch(worker)
            await play(worker, "add", keep=True, a=1)
            assert await fetch(worker) == 2
            for gone in ({"node": "nobody"}, {"run": "another"}):
                with pytest.raises(WorkerError, match="any more") as caught:
                    await fetch(worker, **gone)
                assert caught.value.hint == "run the workflow again"
            await play(worker, "add", "next", a=1)
            with pytest.raises(WorkerError, match="any more"):
                await fetch(worker)
        with pytest.raises(WorkerDied):
            await fetch(worker)

    asyncio.run(story())


# Cancelling


HANGING = ["hang_in_python", "hang_in_c", "hang_in_lock", "hang_in_socket", "print_for_ever", "write_for_ever"]


@pytest.mark.parametrize("function", HANGING)
def test_a_node_that_hangs_is_cancelled_within_a_second_and_its_worker_goes_on(spec: WorkerSpec, function: str):
    async def story() -> None:
        async with working(spec) as worker:
            playing = await play_until_busy(worker, function)
            at = time.monotonic()
            cancel(worker)
            played = await asyncio.wait_for(playing, 5)
            assert time.monotonic() - at < 2 * GRACE_SECONDS
            assert played.status == "cancelled"
            assert any(isinstance(content, TaskCancelled) for *_, content in played.records)
            assert (await play(worker, "add", "next", a=1)).values == {"view": 2}

    asyncio.run(story())


@pytest.mark.parametrize("function", ["eat_sigint", "eat_exceptions"])
def test_a_node_that_will_not_be_cancelled_is_killed_and_the_run_says_so(spec: WorkerSpec, function: str):
    async def story() -> None:
        async with working(spec) as worker:
            playing = await play_until_busy(worker, function)
            cancel(worker)
            await asyncio.sleep(GRACE_SECONDS)
            assert not playing.done()
            at = time.monotonic()
            await worker.kill()
            with pytest.raises(WorkerDied, match="SIGKILL") as caught:
                await playing
            assert time.monotonic() - at < 1
            assert "new worker" in caught.value.hint
            assert left_of(worker) == []

    asyncio.run(story())


def test_cancelling_another_run_or_a_finished_one_changes_nothing(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            await play(worker, "add", "first", a=1)
            cancel(worker, "first")
            playing = await play_until_busy(worker, "nap", "second", seconds=0.3)
            cancel(worker, "first")
            cancel(worker, "unheard of")
            assert (await playing).values == {"view": 0.3}
        cancel(worker, "second")

    asyncio.run(story())


def test_a_paused_run_goes_on_when_it_is_resumed(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            plan = encoded_plan(
                worker.catalog, one=("nap", {"seconds": 0.3}), two=("nap", {"seconds": 0, "after": "@one"})
            )
            playing = asyncio.create_task(follow(worker, plan, request(), played := Played()))
            await asyncio.to_thread(wait_until, lambda: 0 in worker.whereabouts)
            worker.control({"run": "run", "verb": "pause", "task": -1})
            await asyncio.sleep(0.6)
            assert played.completed() == 1
            worker.control({"run": "run", "verb": "resume", "task": -1})
            assert (await playing).completed() == 2

    asyncio.run(story())


def test_a_run_that_nobody_follows_any_more_costs_its_worker_and_not_the_next_run(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            playing = await play_until_busy(worker, "nap", seconds=0.5)
            playing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await playing
            assert not worker.alive
        async with working(spec) as fresh:
            assert (await play(fresh, "add", a=1)).values == {"view": 2}

    asyncio.run(story())


def test_an_idle_worker_stops_politely_and_a_busy_one_within_two_seconds(spec: WorkerSpec):
    async def story() -> None:
        idle, busy = await Worker.start(spec), await Worker.start(spec)
        playing = await play_until_busy(busy, "hang_in_python")
        at = time.monotonic()
        await idle.stop()
        assert time.monotonic() - at < GRACE_SECONDS
        assert idle._process.popen.returncode == 0
        await busy.stop()
        with pytest.raises(WorkerDied):
            await playing
        assert time.monotonic() - at < 3
        assert left_of(idle) + left_of(busy) == []

    asyncio.run(story())


# Floods


def test_a_million_events_arrive_in_order(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            plan = encoded_plan(worker.catalog, node=("flood_events", {"times": 1_000_000}), view="node")
            heard, last = 0, 0.0
            async for part in worker.run(request(), plan):
                if isinstance(part, RunEnd):
                    assert part.values == {"view": 1_000_000}
                    continue
                for *_, content in orjson.loads(part):
                    if isinstance(content, dict) and "fraction" in content:
                        assert content["fraction"] > last
                        last, heard = content["fraction"], heard + 1
            assert (heard, last) == (1_000_000, 1.0)

    asyncio.run(story())


def test_what_is_written_past_python_reaches_the_listener_of_the_worker(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            heard: list[tuple[str, bytes]] = []
            worker.output.listener = lambda stream, content: heard.append((stream, content))
            assert (await play(worker, "write_raw", text="tick")).values == {"view": 8}
            await worker.output.settle()
            assert heard == [("stdout", b"tick"), ("stderr", b"TICK")]

    asyncio.run(story())
