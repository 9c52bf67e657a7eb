"""A server that node packages are installed into over HTTP, packages with a pipeline, and workflows that use them."""

import subprocess
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from package_project import make_package

PIPELINE = """
from pathlib import Path
import os
import numpy as np
from pydantic import Field
from scope.core import hookimpl
from scope.core.pipelines.base_schema import BasePipelineConfig, ModeDefaults, ui_field_config
from scope.core.pipelines.interface import Pipeline, Requirements

class FilterConfig(BasePipelineConfig):
    pipeline_id = "{pipeline}"
    pipeline_name = "Filter {pipeline}"
    pipeline_description = "Brighter"
    supports_prompts = False
    modes = {{"video": ModeDefaults(default=True)}}
    gain: float = Field(default={gain}, ge=0, le=10, json_schema_extra=ui_field_config(is_load_param=True))
    fails: str = Field(default="", json_schema_extra=ui_field_config(is_load_param=True))
    plus: float = 0.0

class Filter(Pipeline):
    @classmethod
    def get_config_class(cls):
        return FilterConfig
    def __init__(self, gain=1.0, fails="", **kwargs):
        if fails == "load":
            raise RuntimeError("no weights there")
        self.gain, self.fails, self.calls = gain, fails, 0
    def prepare(self, **kwargs):
        return Requirements(input_size=1)
    def __call__(self, video, plus=0.0, **kwargs):
        if self.fails == "call":
            raise RuntimeError("out of frames")
        if self.fails == "crash":
            os._exit(9)
        self.calls += 1
        frames = np.concatenate([np.asarray(frame, dtype=np.float32) for frame in video]) / 255
        return {{"video": np.clip(frames * self.gain + plus, 0, 1), "calls": self.calls}}

@hookimpl
def register_pipelines(register):
    register(Filter)
"""
OPS = """
import numpy as np

def frames(value: int = 51) -> np.ndarray:
    return np.full((1, 2, 2, 3), value, dtype=np.uint8)

def brightness(video: object) -> float:
    return round(float(np.asarray(video).mean()), 4)

def process() -> int:
    import os
    return os.getpid()
"""


def filter_package(folder: Path, name: str, version: str = "1.0", *, gain: float = 2.0, **more: Any) -> Path:
    module = name.replace("-", "_")
    source = PIPELINE.format(pipeline=f"{name}-filter", gain=gain)
    return make_package(folder, name, version, files={f"{module}/__init__.py": source}, **more)


class NodeServer:
    """A server with folders of its own, and the routes of node packages."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.said = ""
        assert process.stderr
        while " serves " not in self.said:
            line = process.stderr.readline()
            assert line, self.said
            self.said += line
        self.url = self.said.rpartition("serves ")[2].split()[0]
        threading.Thread(target=self._listen, daemon=True).start()
        self.http = httpx.Client(base_url=self.url, timeout=90, trust_env=False)

    def _listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line

    def install(self, package: str | Path, **options: Any) -> httpx.Response:
        return self.http.post("/nodes", json={"package": str(package), **options})

    def installed(self, package: str | Path, **options: Any) -> dict[str, Any]:
        answer = self.install(package, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def nodes(self, **query: Any) -> dict[str, dict[str, Any]]:
        return {node["name"]: node for node in self.http.get("/nodes", params=query).json()["nodes"]}

    def versions(self) -> dict[str, str]:
        return {name: node["version"] for name, node in self.nodes().items()}

    def states(self) -> dict[str, dict[str, Any]]:
        return {one["pipeline_id"]: one for one in self.http.get("/pipelines/status").json()["pipelines"]}

    def refs(self) -> set[str]:
        return {schema["ref"] for schema in self.http.get("/get_schema").json()}

    def execute(self, graph: dict[str, Any]) -> Any:
        answer = self.http.post("/execute", json=graph)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]["View"]

    def load(self, pipeline: str, **params: Any) -> dict[str, Any]:
        body = {"pipeline_id": pipeline, "load_params": params, "wait": True}
        answer = self.http.post("/pipelines/load", json=body)
        assert answer.status_code == 200, answer.text
        return self.states()[pipeline]


@contextmanager
def running(python: str | Path, folder: Path, env: Mapping[str, str]) -> Generator[NodeServer]:
    """A server of that Python, until the end of the block."""
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    command = [python, "-c", code, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        try:
            started = NodeServer(process, folder)
            with started.http:
                yield started
        finally:
            process.terminate()
            process.wait(30)


def wait_for(condition: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def flow(pipeline: str, *, plus: float = 0.0, function: str = "brightness") -> dict[str, Any]:
    """Frames through a pipeline of ``pipeline``, a distribution with a filter, to one number."""
    ref = f"{pipeline}/pipelines:{pipeline}-filter"
    nodes = [
        {"id": "f", "type": "functionNode", "data": {"ref": "test/ops.py:frames"}},
        {"id": "p", "type": "functionNode", "data": {"ref": ref, "plus": plus}},
        {"id": "b", "type": "functionNode", "data": {"ref": f"test/ops.py:{function}"}},
        {"id": "View", "type": "viewNode", "data": {}},
    ]
    edges = [
        {"source": "f", "sourceHandle": "result", "target": "p", "targetHandle": "video"},
        {"source": "p", "sourceHandle": "video", "target": "b", "targetHandle": "video"},
        {"source": "b", "sourceHandle": "result", "target": "View", "targetHandle": "input"},
    ]
    return {"nodes": nodes, "edges": edges}
