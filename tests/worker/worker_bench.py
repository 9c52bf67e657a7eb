"""Workers of the misbehaving nodepack, and runs in them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from psynapse.engine.records import COMPLETED, Record, decode_records
from psynapse.model.catalog import Catalog
from psynapse.model.events import TaskFailed
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import make_plan
from psynapse.worker.client import RunEnd, Worker
from psynapse.worker.process import WorkerSpec, marked_processes
from psynapse.worker.protocol import FetchRequest, RunRequest
from psynapse.worker.transfer import plan_to_json

Ports = Mapping[str, Any]


def is_alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    return False


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


def encoded_plan(catalog: Catalog, **nodes: tuple[str, Ports] | str) -> bytes:
    """The plan of nodes given by id as ``("function", {port: value or "@source"})``; a text is a view of that node."""
    made: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for node, spec in nodes.items():
        function, given = ("", {"input": f"@{spec}"}) if isinstance(spec, str) else spec
        data: dict[str, Any] = {"functionName": function} if function else {}
        for port, value in given.items():
            if isinstance(value, str) and value.startswith("@"):
                edges.append({"source": value[1:], "target": node, "targetHandle": port})
            else:
                data[port] = value
        made.append({"id": node, "type": "functionNode" if function else "viewNode", "data": data})
    workflow, problems = parse_workflow({"version": 1, "nodes": made, "edges": edges})
    assert not problems
    return dumps(plan_to_json(make_plan(workflow, catalog)))


def request(run: str = "run", *, whole: bool = True, keep: bool = False) -> RunRequest:
    return {
        "run": run,
        "whole": whole,
        "keep": keep,
        "reuse": False,
        "href": "",
        "folder": "",
        "cache_folder": "",
        "home": "",
        "env": [],
    }


def encoded_request(run: str = "run") -> bytes:
    return dumps(cast("Json", request(run)))


@dataclass
class Played:
    """A run that was followed to its end, as far as it came."""

    records: list[Record] = field(default_factory=list[Record])
    end: RunEnd | None = None

    @property
    def failures(self) -> list[TaskFailed]:
        return [content for *_, content in self.records if isinstance(content, TaskFailed)]

    @property
    def values(self) -> Mapping[str, Json]:
        assert self.end is not None
        return self.end.values

    @property
    def status(self) -> str:
        assert self.end is not None
        return self.end.status

    def completed(self) -> int:
        return sum(code == COMPLETED for _, _, code, _ in self.records)


async def follow(worker: Worker, plan: bytes, wanted: RunRequest, played: Played) -> Played:
    async for part in worker.run(wanted, plan):
        if isinstance(part, RunEnd):
            played.end = part
        else:
            played.records += decode_records(part)
    return played


async def play(worker: Worker, function: str, run: str = "run", *, keep: bool = False, **ports: Any) -> Played:
    """Run one node, with a view of it called ``view``."""
    plan = encoded_plan(worker.catalog, node=(function, ports), view="node")
    return await follow(worker, plan, request(run, keep=keep), Played())


async def play_until_busy(worker: Worker, function: str, run: str = "run", **ports: Any) -> "asyncio.Task[Played]":
    """A run that has begun with its node."""
    playing = asyncio.create_task(play(worker, function, run, **ports))
    await asyncio.to_thread(wait_until, lambda: bool(worker.whereabouts) or playing.done())
    # Into the call itself.
    await asyncio.sleep(0.1)
    return playing


async def fetch(worker: Worker, **wanted: Any) -> Any:
    whole: FetchRequest = {"run": "run", "node": "node", "handle": "", "start": 0, "count": 0}
    return loads(await worker.fetch(cast("FetchRequest", {**whole, **wanted})))


def cancel(worker: Worker, run: str = "run") -> None:
    worker.control({"run": run, "verb": "cancel", "task": -1})


def left_of(worker: Worker) -> list[int]:
    """Processes that a worker has left behind."""
    return list(marked_processes(worker._process.mark))


@asynccontextmanager
async def working(spec: WorkerSpec) -> AsyncGenerator[Worker]:
    """A worker that is killed in the end, and of which nothing may then be left."""
    worker = await Worker.start(spec)
    try:
        yield worker
    finally:
        await worker.kill()
        assert left_of(worker) == []
