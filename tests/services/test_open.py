"""What a server opens: one owner of a data directory, and a past that survives it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from psynapse.errors import ExpiredValue, UnknownRun, WorkerError
from psynapse.model.events import RunEvent
from psynapse.services.open import Services, open_headless, open_services
from psynapse.settings import Settings, read_settings
from psynapse.storage.data_dir import DataDirectory, DataDirectoryBusy

OPS = """
def numbers(count: int) -> list:
    return list(range(count))

def pair(text: str) -> dict:
    return {"head": text, "tail": text[1:]}
"""
Scene = Callable[[Services], Awaitable[None]]


@pytest.fixture
def nodepacks(tmp_path: Path) -> Path:
    pack = tmp_path / "packs" / "mine"
    pack.mkdir(parents=True)
    (pack / "ops.py").write_text(OPS)
    return pack.parent


def settings_for(nodepacks: Path, **environ: str) -> Settings:
    return read_settings(nodepacks_dir=nodepacks, data_dir=nodepacks.parent / "data", environ=environ)


def play(nodepacks: Path, scene: Scene, boot: str = "boot", **environ: str) -> None:
    async def run() -> None:
        services = await open_services(settings_for(nodepacks, **environ), boot, "")
        try:
            await scene(services)
        finally:
            await services.close()

    asyncio.run(run())


def flow(function: str, /, **values: object) -> dict[str, Any]:
    data = {"functionName": function, "ref": f"mine/ops.py:{function}", **values}
    return {
        "nodes": [{"id": "f", "type": "functionNode", "data": data}, {"id": "view", "type": "viewNode", "data": {}}],
        "edges": [{"source": "f", "target": "view", "sourceHandle": "result", "targetHandle": "input"}],
    }


async def told(services: Services, run_id: str, after: int = -1) -> list[RunEvent]:
    watched = await services.runs.watch(run_id, after)
    return [event async for batch in watched.events for event in batch]


async def finished(services: Services, function: str, /, **values: object) -> str:
    run = await services.runs.start(flow(function, **values), keep=True)
    await run.result()
    await run.settle()
    return run.id


def test_a_second_owner_is_refused_and_the_directory_is_free_afterwards(nodepacks: Path) -> None:
    async def scene(services: Services) -> None:
        assert services.lock is not None
        with pytest.raises(DataDirectoryBusy) as busy:
            await open_services(settings_for(nodepacks), "other", "")
        assert busy.value.owner == services.lock.owner

    play(nodepacks, scene)
    DataDirectory(nodepacks.parent / "data").lock("next").release()


def test_what_was_opened_is_closed_again_when_no_worker_can_start(nodepacks: Path) -> None:
    (nodepacks / "mine" / "ops.py").write_text("import os\nos._exit(5)\n")
    with pytest.raises(WorkerError):
        asyncio.run(open_services(settings_for(nodepacks), "boot", ""))
    DataDirectory(nodepacks.parent / "data").lock("next").release()


def test_a_run_needs_no_data_directory(nodepacks: Path) -> None:
    async def scene() -> None:
        services = await open_headless(settings_for(nodepacks))
        run = await services.runs.start(flow("numbers", count=3), whole=True)
        assert (await run.result()).values == {"view": [0, 1, 2]}
        assert [info.id for info in await services.runs.list()] == [run.id]
        with pytest.raises(ExpiredValue):
            await services.runs.fetch(run.id, "view", "")
        await services.close()
        await services.close()

    asyncio.run(scene())
    assert not (nodepacks.parent / "data").exists()


def test_a_later_server_tells_what_an_earlier_one_ran(nodepacks: Path) -> None:
    before: dict[str, list[RunEvent]] = {}

    async def first(services: Services) -> None:
        for count in range(7):
            run_id = await finished(services, "numbers", count=count)
            before[run_id] = await told(services, run_id)

    async def second(services: Services) -> None:
        run_id = await finished(services, "numbers", count=1)
        newest_first = [run_id, *reversed(before)]
        infos = await services.runs.list()
        assert [info.id for info in infos] == newest_first
        assert {info.status for info in infos} == {"succeeded"}
        assert all(info.seconds > 0 for info in infos)
        for earlier, events in before.items():
            assert await told(services, earlier) == events
            assert await told(services, earlier, 2) == events[3:]
            assert (await services.runs.cancel(earlier)).status == "succeeded"
        page = await services.runs.list(3, newest_first[0])
        assert [info.id for info in page] == newest_first[1:4]
        assert [info.id for info in await services.runs.list(9, newest_first[5])] == newest_first[6:]
        for unknown in (services.runs.list(3, "nobody"), services.runs.find("nobody"), services.runs.watch("nobody")):
            with pytest.raises(UnknownRun):
                await unknown

    play(nodepacks, first, "one")
    play(nodepacks, second, "two")


def test_few_finished_runs_stay_in_memory_and_all_can_be_watched(nodepacks: Path) -> None:
    async def scene(services: Services) -> None:
        run_ids = [await finished(services, "numbers", count=count) for count in range(9)]
        assert sum(run_id in services.runs for run_id in run_ids) <= 5
        lengths = {len(await told(services, run_id)) for run_id in run_ids}
        assert lengths == {6}
        assert [info.id for info in await services.runs.list()] == list(reversed(run_ids))

    play(nodepacks, scene)


def test_the_large_value_of_a_view_outlives_its_worker_and_its_server(nodepacks: Path) -> None:
    run_ids: list[str] = []

    async def first(services: Services) -> None:
        run_ids.append(await finished(services, "numbers", count=50_000))
        run_ids.append(await finished(services, "pair", text="é" * 50_000))
        run_ids.append(await finished(services, "numbers", count=3))

    async def second(services: Services) -> None:
        fetch = services.runs.fetch
        numbers, pair, small = run_ids
        assert await fetch(numbers, "view", "") == str(list(range(50_000))).replace(" ", "").encode()
        assert await fetch(numbers, "view", "output", 10, 3) == b"[10,11,12]"
        assert await fetch(pair, "view", "head", 1, 2) == '"éé"'.encode()
        # What is shown whole in events, other nodes and keys that are not there.
        for run_id, node, handle in [(small, "view", ""), (numbers, "f", ""), (pair, "view", "middle")]:
            with pytest.raises(ExpiredValue):
                await fetch(run_id, node, handle)
        with pytest.raises(UnknownRun):
            await fetch("../values", "view", "")

    play(nodepacks, first, "one")
    play(nodepacks, second, "two")


def test_old_runs_go_with_their_values_and_those_of_nobody_too(nodepacks: Path) -> None:
    data = nodepacks.parent / "data"
    run_ids: list[str] = []

    async def first(services: Services) -> None:
        run_ids.append(await finished(services, "numbers", count=50_000))
        assert (data / "values" / run_ids[0]).is_dir()
        (data / "values" / "leftover").mkdir()

    async def second(services: Services) -> None:
        async with asyncio.timeout(10):
            while (data / "values" / run_ids[0]).exists():  # noqa: ASYNC110 -- removed in the background
                await asyncio.sleep(0.02)
        assert list((data / "values").iterdir()) == []
        with pytest.raises(UnknownRun):
            await services.runs.find(run_ids[0])

    play(nodepacks, first, "one")
    time.sleep(0.01)
    play(nodepacks, second, "two", PSYNAPSE_RUN_LOG_DAYS="0")


def test_a_broken_edit_is_reported_and_what_works_goes_on(nodepacks: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(services: Services) -> None:
        await asyncio.sleep(0.3)
        (nodepacks / "mine" / "ops.py").write_text(OPS + "\nimport os\nos._exit(4)\n")
        async with asyncio.timeout(20):
            while "no worker can start" not in caplog.text:  # noqa: ASYNC110 -- written by another task
                await asyncio.sleep(0.05)
        run = await services.runs.start(flow("numbers", count=2), whole=True)
        assert (await run.result()).values == {"view": [0, 1]}

    play(nodepacks, scene)
