"""A real server for the editor: started, killed, started again on the same port, asked behind the page's back."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import httpx

_MAIN = "import sys; from psynapse.cli import main; sys.exit(main())"
_GREETING = re.compile(r"serves (http://[^:\s]+:(\d+))")


@dataclass
class Server:
    """A running server and everything it was started with."""

    process: subprocess.Popen[str]
    listener: Thread
    """Collects what the server says."""
    url: str
    data_dir: Path
    nodepacks: Path
    said: list[str] = field(default_factory=list[str])

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @property
    def workspace(self) -> Path:
        """The folder with the files of the saved workflows."""
        return self.data_dir / "workflows"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(20)
        self.listener.join(20)

    def kill(self) -> None:
        """As a power cut would, to this process alone."""
        self.stop(signal.SIGKILL)

    def start_again(self) -> None:
        """On the same port and folders, after ``stop``."""
        again = start_server(self.data_dir, self.nodepacks, self.port)
        self.process, self.listener, self.said = again.process, again.listener, again.said

    def get(self, path: str) -> Any:
        """What the server answers to a GET, decoded."""
        return httpx.get(self.url + path, timeout=20).raise_for_status().json()

    def put_workflow(self, name: str, workflow: object) -> None:
        """Store a workflow, whatever was there before, as another client would."""
        path = f"{self.url}/workflows/{quote(name)}"
        headers = {"If-Match": "*"} if httpx.get(path).is_success else {"If-None-Match": "*"}
        httpx.put(path, json=workflow, headers=headers).raise_for_status()

    def write_pack(self, pack: str, source: str, file: str = "ops.py") -> Path:
        """Write a nodepack's file as its author would, and return where it is."""
        folder = self.nodepacks / pack
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(source, encoding="utf-8")
        return folder / file


def start_server(
    data_dir: Path, nodepacks: Path, port: int = 0, *, managed: bool = False, python: Path | str = sys.executable
) -> Server:
    """Start ``psynapse serve`` and wait until it says where it is; ``managed``: as something that restarts it does."""
    command = [
        str(python),
        "-c",
        _MAIN,
        "serve",
        "--port",
        str(port),
        "--data-dir",
        str(data_dir),
        "--nodepacks-dir",
        str(nodepacks),
    ]
    # The node packages of whoever runs the tests are none of theirs.
    env = {**os.environ, "DAYDREAM_SCOPE_DIR": str(data_dir / "scope"), "DAYDREAM_SCOPE_MANAGED": str(int(managed))}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=nodepacks, env=env)
    said: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if found := _GREETING.search(line):
            listener = Thread(target=_listen, args=[process, said], daemon=True)
            listener.start()
            return Server(process, listener, found[1], data_dir, nodepacks, said)
    raise AssertionError("the server did not start:\n" + "".join(said))


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    assert process.stderr is not None
    with process.stderr as stream:
        said.extend(stream)


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait until ``condition()`` is true; for what no page shows."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)
