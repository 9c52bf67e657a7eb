"""The host of pipelines: who uses it when, and what becomes of it when it dies."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from local_index import LocalIndex
from package_project import make_package

from psynapse.services.node_answers import Wish
from psynapse.services.open import Services, open_services
from psynapse.services.pipelines import UnknownPipeline
from psynapse.settings import read_settings

PIPELINES = """
import os, time
from scope.core import hookimpl
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults
from scope.core.pipelines.interface import Pipeline

def made(name):
    class Config(BasePipelineConfig):
        pipeline_id = name
        pipeline_name = name
        supports_prompts = False
        inputs = []
        outputs = ["number"]
        modes = {"text": ModeDefaults(default=True)}
        seconds: float = 0.0
        waits: float = 0.0

    class Made(Pipeline):
        @classmethod
        def get_config_class(cls):
            return Config
        def __init__(self, waits=0.0, **kwargs):
            time.sleep(waits)
            self.calls = 0
        def prepare(self, **kwargs):
            return None
        def __call__(self, seconds=0.0, **kwargs):
            time.sleep(seconds)
            self.calls += 1
            return {"number": self.calls * 1_000_000 + os.getpid()}
    return Made

@hookimpl
def register_pipelines(register):
    for name in ("one", "two"):
        register(made(name))
"""
Scene = Callable[[Services], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path, index: LocalIndex) -> Callable[[Scene], None]:
    """Plays a scene on services with a package that has the pipelines ``one`` and ``two``."""
    project = make_package(tmp_path, "scope-two", files={"scope_two.py": PIPELINES})
    environ = {"DAYDREAM_SCOPE_DIR": str(tmp_path / "scope"), "PSYNAPSE_DATA_DIR": str(tmp_path / "data")}

    async def run(scene: Scene) -> None:
        services = await open_services(read_settings(environ=environ), "boot", "")
        try:
            assert services.desk
            await services.desk.nodes.install(Wish(spec=str(project)))
            await scene(services)
        finally:
            await services.close()

    return lambda scene: asyncio.run(run(scene))


def flow(pipeline: str, **values: object) -> dict[str, Any]:
    nodes = [
        {"id": "p", "type": "functionNode", "data": {"ref": f"scope-two/pipelines:{pipeline}", **values}},
        {"id": "view", "type": "viewNode", "data": {}},
    ]
    edges = [{"source": "p", "sourceHandle": "number", "target": "view", "targetHandle": "input"}]
    return {"nodes": nodes, "edges": edges}


async def result(services: Services, pipeline: str, **values: object) -> tuple[int, int]:
    """How often the pipeline was called in its life, and in which process."""
    run = await services.runs.start(flow(pipeline, **values), whole=True)
    number = (await run.result()).values["view"]
    assert isinstance(number, int | float), run.info
    return divmod(int(number), 1_000_000)


async def eventually(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.02)


def test_runs_share_the_host_one_after_the_other_and_it_remembers(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        counts = await asyncio.gather(*(result(services, "one", seconds=0.1) for _ in range(3)))
        assert sorted(calls for calls, _ in counts) == [1, 2, 3]
        assert len({pid for _, pid in counts}) == 1
        assert (await result(services, "two"))[1] == counts[0][1]
        await eventually(lambda: set(services.pipelines.board.params("loaded")) == {"one", "two"})

    play(scene)


def test_who_waits_for_the_host_is_told_its_place(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        runs = [await services.runs.start(flow("one", seconds=0.3)) for _ in range(3)]
        await eventually(lambda: [run.info.queue_position for run in runs] == [0, 1, 2])
        runs[1].cancel()
        await eventually(lambda: runs[2].info.queue_position <= 1)
        await runs[2].result()
        assert [run.info.status for run in runs] == ["succeeded", "cancelled", "succeeded"]

    play(scene)


def test_a_host_that_dies_idle_comes_back_with_what_was_loaded(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        await services.pipelines.begin_load({"one": {}, "two": {}})
        _, pid = await result(services, "one")
        os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        await eventually(lambda: set(services.pipelines.board.params("loaded")) == {"one", "two"})
        calls, other = await result(services, "one")
        assert (calls, other != pid) == (1, True)

    play(scene)


def test_loading_without_end_can_be_given_up_and_takes_nothing_with_it(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        await services.pipelines.begin_load({"one": {}})
        loading = services.pipelines.begin_load({"two": {"waits": 60.0}})
        await asyncio.sleep(0.5)
        assert set(services.pipelines.board.params("loading")) == {"two"}
        assert await services.pipelines.unload(["two"]) == ["two"]
        await loading
        states = {one.pipeline_id: one.state for one in services.pipelines.status()}
        assert states == {"one": "loaded", "two": "not_loaded"}

    play(scene)


def test_the_last_pipeline_takes_its_process_with_it(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        _, pid = await result(services, "one")
        assert await services.pipelines.unload(["one"]) == ["one"]
        await eventually(lambda: not Path(f"/proc/{pid}").exists())
        assert await services.pipelines.unload(["one"]) == []

    play(scene)


def test_a_pipeline_that_nobody_has_is_refused_before_anything_is_done(play: Callable[[Scene], None]):
    async def scene(services: Services) -> None:
        with pytest.raises(UnknownPipeline, match="three"):
            services.pipelines.begin_load({"one": {}, "three": {}})
        assert services.pipelines.board.params("loading") == {}

    play(scene)
