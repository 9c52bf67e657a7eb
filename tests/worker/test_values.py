"""Values that outlive their worker: views shown in part go to files, costly results to other workers."""

import asyncio
import os
import random
import resource
import stat
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from worker_bench import Played, encoded_plan, follow, request, wait_until, working

from psynapse.engine.records import COMPLETED, decode_records
from psynapse.model.events import TaskCompleted
from psynapse.model.json_text import loads
from psynapse.worker.client import RunEnd, Worker
from psynapse.worker.process import WorkerSpec
from psynapse.worker.protocol import RunRequest, value_file

OPS = """
import os
import time
from pathlib import Path

def count(to: int) -> list[int]:
    return list(range(to))

def same(value) -> object:
    return value

def slow(size: int, seconds: float = 0.51) -> object:
    time.sleep(seconds)
    note = Path(__file__).parents[1] / "calls"
    note.write_text(note.read_text() + "slow " if note.exists() else "slow ")
    return {"bytes": b"x" * size, "model": os.environ.get("MODEL", "none")}

class _Stubborn:
    def __reduce__(self):
        time.sleep(20)
        return (int, ())

def stubborn() -> object:
    time.sleep(0.51)
    return _Stubborn()

def length(value) -> str:
    return f"{len(value['bytes'])} {value['model']}"
"""


@pytest.fixture
def costly(tmp_path: Path) -> WorkerSpec:
    pack = tmp_path / "packs" / "costly"
    pack.mkdir(parents=True)
    (pack / "ops.py").write_text(OPS)
    return WorkerSpec(roots=((pack.parent, "user"),))


def calls(spec: WorkerSpec) -> int:
    note = spec.roots[0][0] / "calls"
    return len(note.read_text().split()) if note.exists() else 0


def asked(run: str = "run", **options: Any) -> RunRequest:
    return cast("RunRequest", {**request(run, keep=True), "href": "/runs/run/values/{node}", **options})


def counting(worker: Worker, to: int) -> bytes:
    return encoded_plan(worker.catalog, numbers=("count", {"to": to}), view="numbers")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Views


def test_the_whole_value_of_a_view_is_there_before_its_completion_is_told(spec: WorkerSpec, tmp_path: Path):
    folder = tmp_path / "values" / "run"

    async def scenario() -> None:
        async with working(spec) as worker:
            seen: list[Any] = []
            async for part in worker.run(asked(folder=str(folder)), counting(worker, 50_000)):
                if isinstance(part, RunEnd):
                    continue
                for _, task, code, content in decode_records(part):
                    if code == COMPLETED and task == 1:
                        seen.append((content, loads(value_file(str(folder), "view").read_bytes())))
        ((shown, whole),) = seen
        assert shown["truncated"]
        assert whole == list(range(50_000))

    asyncio.run(scenario())
    assert [path.name for path in folder.iterdir()] == [value_file(str(folder), "view").name]
    assert (mode(folder.parent), mode(folder), mode(value_file(str(folder), "view"))) == (0o700, 0o700, 0o600)


@pytest.mark.parametrize("folder", ["", "values"])
def test_what_is_shown_whole_or_not_asked_for_makes_no_file(spec: WorkerSpec, tmp_path: Path, folder: str):
    async def scenario() -> Played:
        async with working(spec) as worker:
            wanted = asked(folder=folder and str(tmp_path / folder))
            return await follow(worker, counting(worker, 10 if folder else 50_000), wanted, Played())

    assert asyncio.run(scenario()).status == "succeeded"
    assert list(tmp_path.iterdir()) == []


def test_a_node_that_is_called_like_a_path_stays_in_its_folder(costly: WorkerSpec, tmp_path: Path):
    folder = tmp_path / "values"

    async def scenario() -> Played:
        async with working(costly) as worker:
            nodes: dict[str, Any] = {"n": ("count", {"to": 50_000}), "../../out": "n", "/out": "n"}
            return await follow(worker, encoded_plan(worker.catalog, **nodes), asked(folder=str(folder)), Played())

    assert asyncio.run(scenario()).status == "succeeded"
    assert len(list(folder.iterdir())) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"values", "packs"}


@pytest.mark.parametrize("obstacle", ["a file in the way", "a folder in the way", "no room"])
def test_a_disk_that_takes_nothing_fails_no_node_but_is_spoken_of(spec: WorkerSpec, tmp_path: Path, obstacle: str):
    folder = tmp_path / "values"
    if obstacle == "a file in the way":
        folder.write_text("")
    elif obstacle == "a folder in the way":
        (value_file(str(folder), "view") / "inner").mkdir(parents=True)
    spoken: list[bytes] = []

    async def scenario() -> Played:
        async with working(spec) as worker:
            worker.output.listener = lambda _, text: spoken.append(text)
            if obstacle == "no room":
                resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (1000, 1000))
            played = await follow(worker, counting(worker, 50_000), asked(folder=str(folder)), Played())
            await worker.output.settle()
            return played

    played = asyncio.run(scenario())
    assert (played.status, played.completed(), played.values["view"]) == ("succeeded", 2, list(range(50_000)))
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path != folder] == []
    assert b"the value of 'view' will end with its worker" in b"".join(spoken)


# Results


@asynccontextmanager
async def run_in(spec: WorkerSpec) -> AsyncGenerator[tuple[Worker, Callable[..., Awaitable[Played]]]]:
    async with working(spec) as worker:

        async def run(folder: Path | str, size: int = 1000, **options: Any) -> Played:
            plan = encoded_plan(worker.catalog, s=("slow", {"size": size}), n=("length", {"value": "@s"}), view="n")
            return await follow(worker, plan, asked(cache_folder=str(folder), reuse=True, **options), Played())

        yield worker, run


def reused(played: Played) -> list[tuple[int, str]]:
    ends = [(task, content) for _, task, _, content in played.records]
    return [(task, body.why) for task, body in ends if isinstance(body, TaskCompleted) and body.cached]


async def run_once(spec: WorkerSpec, folder: Path | str, **options: Any) -> Played:
    """In a worker of its own, which is told to end as soon as the run has."""
    async with run_in(spec) as (worker, run):
        played = await run(folder, **options)
        await worker.stop()
    assert played.status == "succeeded"
    return played


def test_a_costly_result_is_there_for_the_next_worker(costly: WorkerSpec, tmp_path: Path):
    folder = tmp_path / "cache"
    first = asyncio.run(run_once(costly, folder))
    second = asyncio.run(run_once(costly, folder))
    assert calls(costly) == 1
    assert (reused(first), reused(second)) == ([], [(0, "from disk")])
    assert first.values == second.values == {"view": "1000 none"}
    assert mode(folder) == 0o700


def test_without_a_folder_nothing_is_kept(costly: WorkerSpec, tmp_path: Path):
    for _ in range(2):
        asyncio.run(run_once(costly, ""))
    assert calls(costly) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"packs"}


def test_a_result_stays_with_the_environment_variables_it_was_made_with(costly: WorkerSpec, tmp_path: Path):
    small, large = replace(costly, env={"MODEL": "small"}), replace(costly, env={"MODEL": "large"})
    played = [asyncio.run(run_once(spec, tmp_path / "cache")) for spec in (small, large, costly, small)]
    assert [run.values["view"] for run in played] == ["1000 small", "1000 large", "1000 none", "1000 small"]
    assert [bool(reused(run)) for run in played] == [False, False, False, True]
    assert calls(costly) == 3


def test_edited_code_makes_a_new_result(costly: WorkerSpec, tmp_path: Path):
    asyncio.run(run_once(costly, tmp_path / "cache"))
    ops = costly.roots[0][0] / "costly" / "ops.py"
    ops.write_text(ops.read_text() + "\n# edited\n")
    asyncio.run(run_once(costly, tmp_path / "cache"))
    assert calls(costly) == 2


def test_a_worker_may_be_given_another_folder_for_each_run(costly: WorkerSpec, tmp_path: Path):
    async def scenario() -> None:
        async with run_in(costly) as (_, run):
            await run(tmp_path / "one")
            await run("")
            await run(tmp_path / "two", size=2000)
            await asyncio.to_thread(wait_until, lambda: len(list(tmp_path.glob("*/*.result"))) == 2)

    asyncio.run(scenario())
    assert [len(list((tmp_path / name).iterdir())) for name in ("one", "two")] == [1, 1]


def test_the_end_of_a_run_waits_for_no_disk(costly: WorkerSpec, tmp_path: Path):
    async def scenario() -> float:
        async with working(costly) as worker:
            plan = encoded_plan(worker.catalog, s=("stubborn", {}), view="s")
            began = time.perf_counter()
            played = await follow(worker, plan, asked(cache_folder=str(tmp_path / "cache"), reuse=True), Played())
            assert played.status == "succeeded"
            return time.perf_counter() - began

    assert asyncio.run(scenario()) < 5


def test_a_worker_killed_while_it_writes_leaves_nothing_wrong(costly: WorkerSpec, tmp_path: Path):
    folder, size = tmp_path / "cache", 60_000_000

    async def killed() -> None:
        async with run_in(costly) as (worker, run):
            assert (await run(folder, size=size)).status == "succeeded"
            await asyncio.sleep(random.random() * 0.1)
            os.kill(worker.pid, 9)

    for _ in range(2):
        asyncio.run(killed())
    played = asyncio.run(run_once(costly, folder, size=size))
    assert played.values == {"view": f"{size} none"}


def test_several_workers_share_a_folder(costly: WorkerSpec, tmp_path: Path):
    async def scenario() -> list[Played]:
        return await asyncio.gather(*(run_once(costly, tmp_path / "cache", size=3_000_000) for _ in range(3)))

    assert {str(played.values["view"]) for played in asyncio.run(scenario())} == {"3000000 none"}
    assert reused(asyncio.run(run_once(costly, tmp_path / "cache", size=3_000_000))) == [(0, "from disk")]
    assert len(list((tmp_path / "cache").iterdir())) == 1
