"""A server with a data directory, an index and node packages of the test's own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_index import LocalIndex
from node_server import OPS, NodeServer
from package_project import write_files


@pytest.fixture
def node_server(tmp_path: Path, index: LocalIndex, monkeypatch: pytest.MonkeyPatch) -> Iterator[NodeServer]:
    pack = tmp_path / "nodepacks" / "test"
    write_files(pack, {"ops.py": OPS})
    for name in [name for name in os.environ if name.startswith(("PSYNAPSE_", "DAYDREAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAYDREAM_SCOPE_DIR", str(tmp_path / "scope"))
    monkeypatch.setenv("PSYNAPSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NODEPACKS_DIR", str(pack.parent))
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            started = NodeServer(process, tmp_path)
            with started.http:
                yield started
        finally:
            process.terminate()
            process.wait(30)
