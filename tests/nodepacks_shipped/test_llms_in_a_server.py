"""A key in a real server, its worker, its log of runs and its files: used, and written down nowhere."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from model_server import KEY, ModelServer

_SERVE = [sys.executable, "-c", "import sys; from psynapse.cli import main; sys.exit(main())", "serve", "--port", "0"]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server whose folders are all below ``tmp_path``, and whose output is a file there as well."""
    (tmp_path / "packs").mkdir()
    folders = [f"--data-dir={tmp_path / 'data'}", f"--nodepacks-dir={tmp_path / 'packs'}"]
    env = {**os.environ, "DAYDREAM_SCOPE_DIR": str(tmp_path / "scope")}
    with (tmp_path / "said.txt").open("w", encoding="utf-8") as said:
        process = subprocess.Popen([*_SERVE, *folders], stdout=said, stderr=said, text=True, env=env)
        yield process
        process.terminate()
        process.wait(20)


def address(process: subprocess.Popen[str], said: Path) -> str:
    """Where the server listens, once it says so."""
    while not (found := re.search(r"serves (http://\S+:\d+)", said.read_text(encoding="utf-8"))):
        assert process.poll() is None, said.read_text(encoding="utf-8")
        time.sleep(0.05)
    return found[1]


@pytest.mark.parametrize("model", ["slow", "locked", "garbage"])
def test_a_key_is_in_no_event_and_no_file(
    model: str, process: subprocess.Popen[str], model_server: ModelServer, tmp_path: Path
):
    data = {
        "ref": "llms/stream_ops.py:StreamModel",
        "messages": "hello",
        "model": model,
        "base_url": model_server.url,
        "api_key": {"$secret": "LLM_KEY"},
        "retries": 0,
    }
    view = {"source": "it", "sourceHandle": "message", "target": "view", "targetHandle": "input"}
    nodes = [{"id": "it", "type": "functionNode", "data": data}, {"id": "view", "type": "viewNode", "data": {}}]
    body = {"nodes": nodes, "edges": [view], "env_vars": {"LLM_KEY": KEY}}
    url = address(process, tmp_path / "said.txt")
    events = httpx.post(f"{url}/execute/stream", json=body, timeout=60).text
    assert model_server.requests[0][1]["Authorization"] == f"Bearer {KEY}"
    assert '"done"' in events
    process.terminate()
    process.wait(20)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix.startswith(".db") or "sqlite" in path.name for path in written)
    assert KEY not in events
    assert [path.name for path in written if KEY.encode() in path.read_bytes()] == []
