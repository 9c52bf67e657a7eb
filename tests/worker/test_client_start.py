"""Starting a worker: what is no worker is an error that says so, and is ended."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from psynapse.errors import WorkerError
from psynapse.worker import client, protocol
from psynapse.worker.client import Worker
from psynapse.worker.process import WorkerSpec

MakeSpec = Callable[[str], WorkerSpec]
SAME_VERSION = f'{{"version": {protocol.VERSION}}}'
NO_WORKERS = {
    "of another version": ('say(b\'H\', b\'{"version": 999, "pid": 1, "catalog": null}\')', "another version"),
    "without a version": ("say(b'H', b'{}')", "another version"),
    "that says something else first": (f"say(b'Z', b'{SAME_VERSION}')", "another version"),
    "without a catalog": (f"say(b'H', b'{SAME_VERSION}')", "no catalog"),
    "that does not speak JSON": ("say(b'H', b'hello')", "not JSON"),
    "that says a number": ("say(b'H', b'1')", "not an object"),
    "that sends no frames": ("work.sendall(b'GET / HTTP/1.1\\r\\n\\r\\n')", "lost its connection"),
    "that sends endless frames": ("work.sendall(b'\\xff\\xff\\xff\\xffH')", "lost its connection"),
    "that stops within a frame": ("work.sendall(b'\\0\\0\\0\\x09H{'); os._exit(6)", "exit code 6"),
    "that hangs up": ("work.close()", "lost its connection"),
    "that never begins": ("os._exit(0)", "exit code 0"),
}


@pytest.fixture
def make_spec(spec: WorkerSpec, tmp_path: Path) -> MakeSpec:
    """Makes a worker's Python of a few lines that have its socket ``work`` and may ``say(kind, payload)``."""

    def make(lines: str) -> WorkerSpec:
        program = tmp_path / "impostor.sh"
        (tmp_path / "impostor.py").write_text(IMPOSTOR.format(lines=lines, pidfile=str(tmp_path / "pid")))
        program.write_text(f'#!/bin/sh\nexec "{spec.python}" "{tmp_path / "impostor.py"}" "$@"\n')
        program.chmod(0o755)
        return replace(spec, python=str(program))

    return make


IMPOSTOR = """
import os, socket, struct, sys, time
open({pidfile!r}, "w").write(str(os.getpid()))
work = socket.socket(fileno=int(sys.argv[sys.argv.index("psynapse.worker") + 1]))
def say(kind, payload):
    work.sendall(struct.pack(">I", len(payload)) + kind + payload)
{lines}
time.sleep(100)
"""


@pytest.mark.parametrize("case", NO_WORKERS)
def test_what_is_no_worker_is_an_error_and_is_ended(make_spec: MakeSpec, case: str, tmp_path: Path):
    lines, words = NO_WORKERS[case]
    with pytest.raises(WorkerError, match=words):
        asyncio.run(Worker.start(make_spec(lines)))
    assert not Path("/proc", (tmp_path / "pid").read_text()).exists()


def test_a_nodepack_that_never_finishes_importing_is_named_as_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "endless").mkdir()
    (tmp_path / "endless" / "ops.py").write_text("while True: pass\n")
    monkeypatch.setattr(client, "START_SECONDS", 1.0)
    with pytest.raises(WorkerError, match="not imported within 1 seconds") as caught:
        asyncio.run(Worker.start(WorkerSpec(roots=((tmp_path, "user"),))))
    assert "nodepack" in caught.value.hint
