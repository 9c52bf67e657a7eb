"""Runs in real workers: what a server does with them, without HTTP."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from psynapse.errors import ExpiredValue, InvalidWorkflow, UnknownRun
from psynapse.model.events import RunEvent, RunFinished, TaskCompleted, TaskFailed, TaskOutput, TaskStarted
from psynapse.services.open import Services, open_services
from psynapse.services.run import Run
from psynapse.settings import read_settings

OPS = """
import ctypes, os, time

counter = 0

def add(a: float, b: float) -> float:
    return a + b

def spin() -> int:
    while True: pass

def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds

def crash() -> int:
    ctypes.string_at(0)

def leave() -> int:
    os._exit(3)

def environment(name: str) -> str:
    return os.environ.get(name, "")

def repeat(name: str) -> list:
    time.sleep(0.05)
    return [os.environ[name]] * 20_000

def tell(name: str) -> int:
    os.write(1, os.environ[name].encode())
    return 1

def from_c(text: str) -> str:
    os.write(1, text.encode())
    return text

def power(exponent: int) -> int:
    return 10 ** exponent

def numbers(count: int) -> list:
    return list(range(count))

def process() -> int:
    return os.getpid()

def fall_silent() -> int:
    # It is asked for when a worker says how it is after a run.
    os.fstat = lambda descriptor: time.sleep(600)
    return os.getpid()
"""
Scenario = Callable[[Services], Awaitable[None]]


@pytest.fixture
def nodepacks(tmp_path: Path) -> Path:
    pack = tmp_path / "packs" / "served"
    pack.mkdir(parents=True)
    (pack / "ops.py").write_text(OPS)
    return pack.parent


def play(nodepacks: Path, scenario: Scenario) -> None:
    async def scene() -> None:
        data_dir = nodepacks.parent / "data"
        services = await open_services(read_settings(nodepacks_dir=nodepacks, data_dir=data_dir), "boot", "")
        try:
            await scenario(services)
        finally:
            await services.close()

    asyncio.run(scene())


def flow(function: str, /, **values: object) -> dict[str, Any]:
    data = {"functionName": function, "ref": f"served/ops.py:{function}", **values}
    return {
        "nodes": [{"id": "f", "type": "functionNode", "data": data}, {"id": "view", "type": "viewNode", "data": {}}],
        "edges": [{"source": "f", "target": "view", "sourceHandle": "result", "targetHandle": "input"}],
    }


async def everything(run: Run) -> list[RunEvent]:
    return [event async for batch in run.events() for event in batch]


async def first(run: Run, kind: type) -> RunEvent:
    async for batch in run.events():
        for event in batch:
            if isinstance(event.body, kind):
                return event
    raise AssertionError(f"the run ended without {kind}")


def is_alive(pid: int) -> bool:
    """Whether it runs; its number may stay taken a moment longer."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except FileNotFoundError:
        return False


def failure(events: Sequence[RunEvent]) -> TaskFailed:
    return next(event.body for event in events if isinstance(event.body, TaskFailed))


def test_a_run_tells_everything_and_gives_whole_values(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("add", a=1, b=2), whole=True)
        events = await everything(run)
        assert [event.seq for event in events] == list(range(len(events)))
        assert isinstance(events[-1].body, RunFinished)
        assert (await run.result()).values == {"view": 3}
        assert await everything(run) == events
        assert (await services.runs.list())[0].status == "succeeded"

    play(nodepacks, scenario)


@pytest.mark.parametrize(("function", "words"), [("crash", "SIGSEGV"), ("leave", "exit code 3")])
def test_a_node_that_kills_its_process_costs_its_own_run_and_is_named(
    nodepacks: Path, function: str, words: str
) -> None:
    async def scenario(services: Services) -> None:
        beside = await services.runs.start(flow("sleep", seconds=0.3), whole=True)
        run = await services.runs.start(flow(function))
        events = await everything(run)
        assert words in failure(events).error
        assert [event.node for event in events if isinstance(event.body, TaskFailed)] == ["f"]
        assert (await run.result()).status == "failed"
        assert (await beside.result()).values == {"view": 0.3}
        again = await services.runs.start(flow("add", a=1, b=1), whole=True)
        assert (await again.result()).values == {"view": 2}

    play(nodepacks, scenario)


@pytest.mark.parametrize("function", ["spin", "sleep"])
def test_an_endless_node_can_be_stopped(nodepacks: Path, function: str) -> None:
    async def scenario(services: Services) -> None:
        values = {"seconds": 1000} if function == "sleep" else {}
        run = await services.runs.start(flow(function, **values))
        await first(run, TaskStarted)
        run.cancel()
        result = await asyncio.wait_for(run.result(), 5)
        assert result.status == "cancelled"

    play(nodepacks, scenario)


def test_a_worker_killed_from_outside_is_noticed(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("sleep", seconds=1000))
        await first(run, TaskStarted)
        os.kill(next(iter(services.pool._leased)).pid, signal.SIGKILL)
        events = await asyncio.wait_for(everything(run), 5)
        assert "SIGKILL" in failure(events).error

    play(nodepacks, scenario)


def test_who_comes_right_after_a_run_gets_its_worker(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        used: set[object] = set()
        for _ in range(5):
            run = await services.runs.start(flow("process"), whole=True)
            used.add((await run.result()).values["view"])
        assert len(used) == 1

    play(nodepacks, scenario)


def test_a_worker_that_falls_silent_after_its_run_keeps_nobody_waiting_and_is_killed(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("fall_silent"), whole=True)
        result = await run.result()
        assert result.status == "succeeded"
        silent = result.values["view"]
        assert isinstance(silent, int)
        for _ in range(2):
            beside = await services.runs.start(flow("process"), whole=True)
            assert (await beside.result()).values["view"] != silent
        assert is_alive(silent)
        await services.pool.drain()
        assert not is_alive(silent)
        assert (await everything(run))[-1].body == RunFinished("succeeded", run.info.seconds)

    play(nodepacks, scenario)


def test_environment_variables_are_the_runs_own_and_never_in_events(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        secret = "a-very-secret-value"
        run = await services.runs.start(flow("environment", name="API_KEY"), env={"API_KEY": secret}, whole=True)
        other = await services.runs.start(flow("environment", name="API_KEY"), whole=True)
        assert secret not in repr(await everything(run))
        assert (await run.result()).values == {"view": secret}
        assert (await other.result()).values == {"view": ""}
        assert "API_KEY" not in os.environ

    play(nodepacks, scenario)


def test_environment_variables_that_are_returned_or_printed_reach_no_file_of_the_server(nodepacks: Path) -> None:
    secret = 'a "very" secret välue'

    async def scenario(services: Services) -> None:
        for function in ("environment", "tell", "repeat"):
            workflow = flow(function, name="API_KEY")
            run = await services.runs.start(workflow, env={"API_KEY": secret}, keep=True, reuse=True, home="flow")
            assert "[redacted]" in repr(await everything(run))
            await run.settle()

    play(nodepacks, scenario)
    stored = b"".join(path.read_bytes() for path in (nodepacks.parent / "data").rglob("*") if path.is_file())
    assert b"[redacted]" in stored
    # The whole value of the view is there: two hundred thousand letters and more.
    assert len(stored) > 200_000
    assert "secret välue".encode() not in stored


def test_what_c_code_prints_belongs_to_the_node_that_runs(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("from_c", text="from C\n"))
        events = await everything(run)
        printed = [event for event in events if isinstance(event.body, TaskOutput)]
        assert [event.body for event in printed] == [TaskOutput("stdout", "from C\n")]

    play(nodepacks, scenario)


def test_more_runs_than_workers_wait_in_order_and_say_so(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        services.pool._leases.limit = 2
        runs = [await services.runs.start(flow("sleep", seconds=1.5)) for _ in range(5)]
        await first(runs[1], TaskStarted)
        assert [run.info.queue_position for run in runs] == [0, 0, 1, 2, 3]
        assert [run.info.status for run in runs[2:]] == ["queued"] * 3
        runs[3].cancel()
        assert (await runs[3].result()).status == "cancelled"
        assert [(await run.result()).status for run in (*runs[:3], runs[4])] == ["succeeded"] * 4

    play(nodepacks, scenario)


def test_kept_values_are_fetched_whole_and_by_the_page_until_the_worker_moves_on(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("numbers", count=100_000), keep=True)
        events = await everything(run)
        output = next(e.body.output for e in events if isinstance(e.body, TaskCompleted) and e.node == "f")
        assert isinstance(output, dict)
        assert output["href"] == f"/runs/{run.id}/values/f/output"
        assert await services.runs.fetch(run.id, "f", "output", 10, 3) == b"[10,11,12]"
        assert len(await services.runs.fetch(run.id, "view", "")) > 500_000
        with pytest.raises(ExpiredValue):
            await services.runs.fetch(run.id, "nowhere", "")
        with pytest.raises(UnknownRun):
            services.runs.get("nothing")

    play(nodepacks, scenario)


def test_values_are_asked_for_while_the_run_goes_on_and_by_several_at_once(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        going = await services.runs.start(flow("sleep", seconds=1), keep=True, whole=True)
        await first(going, TaskStarted)
        with pytest.raises(ExpiredValue):
            await services.runs.fetch(going.id, "f", "")
        assert (await going.result()).values == {"view": 1}
        asked = [services.runs.fetch(going.id, node, "") for node in ("f", "view") * 5]
        assert await asyncio.gather(*asked) == [b"1.0"] * 10

    play(nodepacks, scenario)


def test_a_run_that_is_cancelled_before_it_has_begun_ends_all_the_same(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("sleep", seconds=1000))
        run.cancel()
        assert (await asyncio.wait_for(run.result(), 5)).status == "cancelled"
        assert isinstance((await everything(run))[-1].body, RunFinished)

    play(nodepacks, scenario)


def test_a_plan_is_made_once_for_a_key(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        assert not services.runs.planned(b"key")
        await services.runs.start(flow("add", a=1, b=2), key=b"key")
        assert services.runs.planned(b"key")
        again = await services.runs.start(None, key=b"key", whole=True)
        assert (await again.result()).values == {"view": 3}
        services.runs.catalog = services.runs.catalog
        assert not services.runs.planned(b"key")

    play(nodepacks, scenario)


def test_an_edited_nodepack_is_noticed_without_a_restart(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        going_on = await services.runs.start(flow("sleep", seconds=1.5), whole=True)
        await asyncio.sleep(0.3)
        (nodepacks / "served" / "ops.py").write_text(OPS + "\ndef brand_new() -> int:\n    return 7\n")
        async with asyncio.timeout(20):
            while "brand_new" not in {schema.name for schema in services.runs.catalog.schemas}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        run = await services.runs.start(flow("brand_new"), whole=True)
        assert (await run.result()).values == {"view": 7}
        assert (await going_on.result()).values == {"view": 1.5}

    play(nodepacks, scenario)


def test_a_graph_that_cannot_run_starts_nothing(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        document = flow("add", b=1)
        document["edges"] = [{"source": "f", "target": "f", "sourceHandle": "result", "targetHandle": "a"}]
        with pytest.raises(InvalidWorkflow):
            await services.runs.start(document)
        assert services.runs.check(document)[0].code == "cycle"
        assert await services.runs.list() == []

    play(nodepacks, scenario)


def test_a_run_whose_worker_cannot_start_says_why(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("add", a=1, b=1), env={"PYTHONHOME": "/nowhere"})
        events = await asyncio.wait_for(everything(run), 20)
        assert isinstance(events[-1].body, RunFinished)
        assert "exit code" in events[-1].body.error
        assert (await run.result()).error == events[-1].body.error

    play(nodepacks, scenario)


@pytest.mark.parametrize("exponent", [1000, 6000])
def test_integers_of_any_length_get_through(nodepacks: Path, exponent: int) -> None:
    async def scenario(services: Services) -> None:
        run = await services.runs.start(flow("power", exponent=exponent), whole=True)
        events = await asyncio.wait_for(everything(run), 20)
        outputs = [event.body.output for event in events if isinstance(event.body, TaskCompleted)]
        value = (await run.result()).values["view"]
        assert outputs == [value, value]
        if exponent == 1000:
            assert value == 10**1000
        else:
            assert isinstance(value, dict)
            assert value["$type"] == "builtins.int"

    play(nodepacks, scenario)


def test_a_crash_skips_what_hangs_on_it_and_cancels_the_rest(nodepacks: Path) -> None:
    async def scenario(services: Services) -> None:
        document = flow("leave")
        document["nodes"].append(
            {"id": "beside", "type": "functionNode", "data": {"functionName": "sleep", "seconds": 9}}
        )
        run = await services.runs.start(document)
        events = await asyncio.wait_for(everything(run), 20)
        ends = {str(event.node): type(event.body).__name__ for event in events}
        assert (ends["f"], ends["view"]) == ("TaskFailed", "TaskSkipped")
        assert ends["beside"] in {"TaskFailed", "TaskCancelled"}

    play(nodepacks, scenario)
