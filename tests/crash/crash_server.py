"""A real server in a process of its own, with nodes that misbehave, and what the tests ask of it."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx

Graph = dict[str, Any]
Event = dict[str, Any]

PACKS: Final = Path(__file__).parents[1] / "nodepacks"
PATIENCE: Final = 60.0
"""Seconds until something that has to come counts as missing, on a machine that is busy with other things."""
ENDS: Final = frozenset({"succeeded", "failed", "cancelled", "lost"})
_SERVE: Final = ["-c", "import sys; from psynapse.cli import main; sys.exit(main())", "serve"]


def wait_for(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What ``condition`` returns once that is true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"this did not come true within {seconds:g} seconds"
        time.sleep(0.02)
    return found


def function(id_: str, name: str, /, **values: object) -> Graph:
    """A node of a function of ours: ``pack:name``, or one of the misbehaving ones."""
    pack, _, plain = name.rpartition(":")
    ref = f"{pack or 'misbehaving'}/ops.py:{plain}"
    return {"id": id_, "type": "functionNode", "data": {"ref": ref, **values}}


def chain(*nodes: Graph) -> Graph:
    """A workflow of nodes each of which feeds the first input of the next, and a view of the last."""
    view = {"id": "View", "type": "viewNode", "data": {}}
    ports = [node["data"].pop("port", "value") for node in nodes[1:]]
    edges = [
        {"source": source["id"], "target": target["id"], "sourceHandle": "result", "targetHandle": port}
        for source, target, port in zip(nodes, [*nodes[1:], view], [*ports, "input"], strict=True)
    ]
    return {"nodes": [*nodes, view], "edges": edges}


def one(name: str, /, **values: object) -> Graph:
    """A workflow of one node, whose id is ``n``, and a view of it."""
    return chain(function("n", name, **values))


def objects_in(lines: Iterator[str]) -> Iterator[Event]:
    """The objects in the events of a stream."""
    return (json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: "))


def marked(mark: str) -> set[int]:
    """The processes that were started with this mark in their environment, or by such ones."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"CRASH_MARK={mark}".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def children(pid: int) -> dict[int, tuple[str, str]]:
    """The state and the command line of every child of a process. State Z is a zombie."""
    found: dict[int, tuple[str, str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            _, _, fields = (entry / "stat").read_text(errors="replace").rpartition(")")
            state, parent = fields.split()[:2]
            if int(parent) == pid:
                found[int(entry.name)] = (state, (entry / "cmdline").read_text(errors="replace"))
        except OSError:
            continue
    return found


def clean_environment(mark: str) -> dict[str, str]:
    """The variables of a process that is to be found again by its mark."""
    told = ("PSYNAPSE_", "DAYDREAM_", "UV_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(told)}
    return {**clean, "CRASH_MARK": mark}


class Client:
    """Asks a server."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)

    def execute(self, workflow: Graph, **more: object) -> httpx.Response:
        """``POST /execute``."""
        return self.http.post("/execute", json={**workflow, **more})

    def value(self, workflow: Graph, **more: object) -> Any:
        """What the view of a workflow shows."""
        answer = self.execute(workflow, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()["results"]["View"]

    def start(self, workflow: Graph, **more: object) -> str:
        """The id of a run that was begun."""
        answer = self.http.post("/runs", json={"workflow": workflow, **more})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def info(self, run: str) -> Event:
        """What ``GET /runs/{id}`` says."""
        answer = self.http.get(f"/runs/{run}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def status(self, run: str) -> str:
        """The status of a run."""
        return self.info(run)["status"]

    def ended(self, run: str) -> Event:
        """What there is to say about a run once it has ended."""
        wait_for(lambda: self.status(run) in ENDS)
        return self.info(run)

    def cancel(self, run: str) -> None:
        """Stop a run."""
        answer = self.http.post(f"/runs/{run}/cancel", json={})
        assert answer.status_code == 202, answer.text

    def events(self, run: str) -> list[Event]:
        """All events of a run, once it has ended."""
        with self.http.stream("GET", f"/runs/{run}/events") as answer:
            assert answer.status_code == 200
            return list(objects_in(answer.iter_lines()))

    def begun(self, run: str, node: str = "n") -> None:
        """Wait until a node has begun."""
        with self.http.stream("GET", f"/runs/{run}/events") as answer:
            for event in objects_in(answer.iter_lines()):
                if event["type"] == "task-started" and event["node"] == node:
                    return
        raise AssertionError(f"{node} did not begin")

    def is_right(self, b: int = 2) -> None:
        """The server still does what it should."""
        assert self.value(one("add", a=1, b=b)) == 1 + b


class Server:
    """A server that runs. ``said`` is what it has written to stderr."""

    def __init__(
        self,
        process: "subprocess.Popen[str]",
        mark: str,
        data: Path,
        url: str = "",
        said: tuple[str, int] = ("serves http", 1),
    ) -> None:
        self.process = process
        self.mark = mark
        self.data = data
        self.said = ""
        self._here = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=said, daemon=True)
        self._listener.start()
        assert self._here.wait(PATIENCE), self.said
        self.url = url or self._url()

    @property
    def pid(self) -> int:
        return self.process.pid

    @contextmanager
    def client(self) -> Generator[Client]:
        """Somebody who asks it, until the end of the block."""
        opened = Client(self.url)
        try:
            yield opened
        finally:
            opened.http.close()

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def processes(self) -> set[int]:
        """Everything that belongs to it, wherever that is."""
        return marked(self.mark)

    def said_in_all(self) -> str:
        """All that it has written, once it has ended."""
        self._listener.join(PATIENCE)
        return self.said

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def _url(self) -> str:
        found = re.search(r"serves (http://\S+)", self.said)
        assert found, self.said
        return found[1]

    def _listen(self, sign: str, times: int) -> None:
        """It is here when it has said that so often, or nothing more."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.said += line
            if self.said.count(sign) >= times:
                self._here.set()
        self._here.set()


@contextmanager
def serving(
    nodepacks: Path, data: Path, *, env: Mapping[str, str] | None = None, limits: str = ""
) -> Generator[Server]:
    """A server, until the end of the block. ``limits``: Python that its process begins with."""
    mark = uuid.uuid4().hex
    command = [sys.executable, _SERVE[0], limits + _SERVE[1], *_SERVE[2:], "--port", "0"]
    with subprocess.Popen(
        [*command, "--nodepacks-dir", str(nodepacks), "--data-dir", str(data)],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**clean_environment(mark), **(env or {})},
    ) as process:
        try:
            yield Server(process, mark, data)
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def link_packs(folder: Path, *names: str) -> Path:
    """A folder of nodepacks with these of the tests' own in it."""
    folder.mkdir(exist_ok=True)
    for name in names or ("misbehaving", "inconsiderate"):
        (folder / name).symlink_to(PACKS / name, target_is_directory=True)
    return folder
