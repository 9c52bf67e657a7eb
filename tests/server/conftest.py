"""A real server in a process of its own, on a free port, with a real nodepack."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

OPS = '''
import os, time
from typing import Any, Literal
from psynapse_backend.schema_extractor import AnnotatedDict

def add(a: float, b: float) -> float:
    """Add."""
    return a + b

def multiply(a: float, b: float) -> float:
    return a * b

def divide(a: int, b: int) -> float:
    return a / b

def not_a_number() -> float:
    return float("nan")

def split(text: str) -> AnnotatedDict[Literal["head", "tail"]]:
    head, _, tail = text.partition(" ")
    return AnnotatedDict(head=head, tail=tail)

def read_variable(name: str) -> str | None:
    return os.environ.get(name)

def numbers(count: int) -> list:
    return list(range(count))

def passes(x: Any = None) -> Any:
    return x

def length(x: Any = None) -> int:
    return len(x)

def touch_and_wait(path: str, seconds: float = 60.0) -> str:
    """Shows that it has begun, and that it got to its end."""
    open(path + ".begun", "w").close()
    time.sleep(seconds)
    open(path + ".ended", "w").close()
    return path

def leave() -> int:
    os._exit(3)
'''
PROGRESS_OPS = '''
from psynapse_backend.stateful_op_utils import ProgressReporter

class MyProgressOperation:
    """A progress-aware operation that reports execution status."""
    def __init__(self):
        self._progress_reporter = ProgressReporter()
    def __call__(self, iterations: int) -> str:
        for i in range(iterations):
            self._progress_reporter.update(i + 1, iterations, f"Processing iteration {i + 1}/{iterations}")
        return f"Completed {iterations} iterations"
'''
STREAM_OPS = '''
import time
from psynapse_backend.stateful_op_utils import StreamReporter

class MyStreamOperation:
    """A stream-aware operation that emits text chunks in real-time."""
    def __init__(self):
        self._stream_reporter = StreamReporter()
    def __call__(self, prompt: str, times: int = 1, delay: float = 0.0) -> str:
        chunks = []
        for _ in range(times):
            for word in prompt.split():
                chunks.append(word.upper() + " ")
                self._stream_reporter.emit(chunks[-1])
                time.sleep(delay)
        return "".join(chunks)
'''
# Where nobody listens: no test of this folder asks an index for anything.
NO_INDEX = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple/", "UV_NO_CONFIG": "1", "UV_HTTP_RETRIES": "0"}
JSON = {"Content-Type": "application/json"}
Graph = dict[str, Any]


class Flows:
    """Builds workflows, and reads streams. A fixture hands it out: test modules cannot import this one."""

    @staticmethod
    def function(id_: str, name: str, /, **values: object) -> Graph:
        return {
            "id": id_,
            "type": "functionNode",
            "data": {"ref": f"seed/ops.py:{name}", "functionName": name, **values},
        }

    @staticmethod
    def reporting(id_: str, name: str, file: str, /, **values: object) -> Graph:
        return {"id": id_, "type": "functionNode", "data": {"ref": f"seed/{file}.py:{name}", **values}}

    @staticmethod
    def variable(id_: str, value: object, type_: str = "Number") -> Graph:
        return {"id": id_, "type": "variableNode", "data": {"variableType": type_, "variableValue": value}}

    @staticmethod
    def view(id_: str = "View") -> Graph:
        return {"id": id_, "type": "viewNode", "data": {}}

    @staticmethod
    def edge(source: str, target: str, target_handle: str = "input", source_handle: str = "output") -> Graph:
        return {"source": source, "target": target, "sourceHandle": source_handle, "targetHandle": target_handle}

    @staticmethod
    def one(node: Graph) -> Graph:
        """A workflow of one node and a view of it."""
        return {"nodes": [node, Flows.view()], "edges": [Flows.edge(node["id"], "View", source_handle="result")]}

    @staticmethod
    def worked_example() -> Graph:
        nodes = [
            Flows.variable("V1", 5), Flows.variable("V2", 3), Flows.variable("V3", 2), Flows.variable("V4", 4),
            Flows.function("F1", "add"), Flows.function("F2", "add"), Flows.function("F3", "multiply"),
            {"id": "L1", "type": "listNode", "data": {"inputCount": 2}}, Flows.view(),
        ]  # fmt: skip
        edges = [
            Flows.edge("V1", "F1", "a"), Flows.edge("V2", "F1", "b"),
            Flows.edge("V3", "F2", "a"), Flows.edge("V4", "F2", "b"),
            Flows.edge("F1", "L1", "input-0", "result"), Flows.edge("F2", "L1", "input-1", "result"),
            Flows.edge("F1", "F3", "a", "result"), Flows.edge("F2", "F3", "b", "result"),
            Flows.edge("F3", "View", "input", "result"),
        ]  # fmt: skip
        return {"nodes": nodes, "edges": edges}

    @staticmethod
    def events_in(text: str) -> list[Graph]:
        """The objects of a stream's events."""
        return [json.loads(line.removeprefix("data: ")) for line in text.split("\n") if line.startswith("data: ")]


class Server:
    """A server that runs. ``said`` is what it has written to stderr."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said = ""
        self._listening = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._listening.wait(60), self.said
        found = re.search(r"serves (http://\S+)", self.said)
        assert found, self.said
        self.url = found[1]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def _listen(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line
            if " serves " in line:
                self._listening.set()
        self._listening.set()


Start = Callable[..., AbstractContextManager[Server]]


@contextmanager
def running(nodepacks: Path, data: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Generator[Server]:
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    options = ["--port", "0", "--nodepacks-dir", str(nodepacks), "--data-dir", str(data), *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    with subprocess.Popen(
        [sys.executable, "-c", code, "serve", *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**clean, **NO_INDEX, "DAYDREAM_SCOPE_DIR": str(data.parent / f"{data.name}-scope"), **(env or {})},
    ) as process:
        try:
            yield Server(process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def nodepacks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pack = tmp_path_factory.mktemp("nodepacks") / "seed"
    pack.mkdir()
    (pack / "ops.py").write_text(OPS)
    (pack / "progress_ops.py").write_text(PROGRESS_OPS)
    (pack / "stream_ops.py").write_text(STREAM_OPS)
    return pack.parent


@pytest.fixture(scope="session")
def server(nodepacks: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(nodepacks, tmp_path_factory.mktemp("data")) as started:
        yield started


@pytest.fixture(scope="session")
def flows() -> type[Flows]:
    return Flows


@pytest.fixture
def start_server(nodepacks: Path, tmp_path: Path) -> Start:
    """Starts another server, with options and environment variables of its own."""
    return partial(running, nodepacks, tmp_path / "data")


@pytest.fixture(scope="session")
def start_on(nodepacks: Path) -> Start:
    """Starts a server on the data directory that is given, with options and environment variables of its own."""
    return partial(running, nodepacks)


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened
