"""A real ``psynapse serve`` in a process of its own, and clients that cost as little as possible."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks.engine import Failed
from benchmarks.graphs import Graph, to_workflow
from psynapse.model.workflow import dump_workflow

OPS = """
import time

def add(x: int, y: int) -> int:
    return x + y

def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds

def spin(seconds: float = 1e9) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    return seconds

def text(megabytes: int) -> str:
    return "x" * (megabytes * 1_000_000)
"""
STREAM_OPS = """
import time

class Tokens:
    def __init__(self):
        from psynapse import StreamReporter
        self._stream_reporter = StreamReporter()

    def __call__(self, count: int) -> int:
        for number in range(count):
            self._stream_reporter.emit(f"tok{number % 10} ")
            time.sleep(0.0005)
        return count
"""
_HEADERS = {"Content-Type": "application/json"}


def body_of(graph: Graph) -> bytes:
    """What an editor posts to run a graph and see its last value."""
    document: Any = dump_workflow(to_workflow(graph))
    del document["version"]
    last = document["nodes"][-1]["id"]
    document["nodes"].append({"id": "View", "type": "viewNode", "data": {}})
    document["edges"].append({"source": last, "target": "View", "sourceHandle": "output", "targetHandle": "input"})
    return json.dumps(document).encode()


def as_earlier_editors_post(body: bytes) -> bytes:
    """The same with a copy of all edges, their ids as React Flow makes them, inside every node."""
    document: Any = json.loads(body)
    for edge in document["edges"]:
        edge["id"] = "reactflow__edge-{source}{sourceHandle}-{target}{targetHandle}".format(**edge)
        edge["type"] = "smoothstep"
    for node in document["nodes"]:
        node["data"] |= {"edges": document["edges"], "executionStatus": "completed"}
    return json.dumps(document, separators=(",", ":")).encode()


@dataclass(slots=True)
class Served:
    """A server that runs; ``started`` is when it was begun (``time.perf_counter``)."""

    process: "subprocess.Popen[str]"
    nodepacks: Path
    port: int
    started: float

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        """A client as most people have one."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=120, headers=_HEADERS)

    def busy_seconds(self) -> float:
        """Processor time that the server and everything it started have used so far (Linux)."""
        parents = dict(_parents())
        return sum(_processor_time(pid) for pid in parents if self.process.pid in _line_of(pid, parents))


@contextmanager
def served(**packs: str) -> Generator[Served]:
    """A server with nodepacks of these names and their ``ops.py``, beside the one of the benchmarks."""
    folder = Path(tempfile.mkdtemp(prefix="psynapse-bench-"))
    for name, source in {"bench": OPS, **packs}.items():
        (folder / "nodepacks" / name).mkdir(parents=True)
        (folder / "nodepacks" / name / "ops.py").write_text(source)
    (folder / "nodepacks" / "bench" / "stream_ops.py").write_text(STREAM_OPS)
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    places = ["--nodepacks-dir", str(folder / "nodepacks"), "--data-dir", str(folder / "data")]
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, "serve", "--port", "0", *places], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Served(process, folder / "nodepacks", _port(process), started)
        finally:
            process.terminate()
            process.communicate(timeout=30)
            shutil.rmtree(folder, ignore_errors=True)


def _port(process: "subprocess.Popen[str]") -> int:
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if found := re.search(r"serves http://[^:]+:(\d+)", line):
            return int(found[1])
    raise Failed(f"the server did not start: {said}")


@dataclass(frozen=True, slots=True)
class Answer:
    """``first`` is when the first byte of the body came, in seconds after the request was begun."""

    content: bytes
    seconds: float
    first: float


class Connection:
    """HTTP over asyncio streams, with next to nothing done to the bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The whole answer. Raises Failed when it is no good one."""
        began = time.perf_counter()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        self._writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        said = await self._reader.readuntil(b"\r\n\r\n")
        parts: list[bytes] = []
        first = 0.0
        async for part in self._parts(said):
            first = first or time.perf_counter() - began
            parts.append(part)
        answer = Answer(b"".join(parts), time.perf_counter() - began, first)
        if not re.match(rb"HTTP/1.1 2", said):
            raise Failed(f"{path}: {said[:20]!r} {answer.content[:300]!r}")
        return answer

    async def _parts(self, head: bytes) -> AsyncIterator[bytes]:
        if length := re.search(rb"(?i)content-length: (\d+)", head):
            yield await self._reader.readexactly(int(length[1]))
            return
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)


@asynccontextmanager
async def connected(port: int) -> AsyncGenerator[Connection]:
    """A connection to a server of this machine."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").glob("[0-9]*"):
        if fields := _fields(int(entry.name)):
            yield int(entry.name), int(fields[1])


def _line_of(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid:
        yield pid
        pid = parents.get(pid, 0)


def _processor_time(pid: int) -> float:
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _fields(pid: int) -> list[str]:
    """What the kernel tells of a process, from its state on; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    except OSError:
        return []
