"""A server with a data directory, an index and node packages of the test's own."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_index import LocalIndex
from node_server import OPS, NodeServer, running
from package_project import write_files


@pytest.fixture
def server_variables(tmp_path: Path, index: LocalIndex, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment variables of a server with folders of this test's own and a nodepack ``test``."""
    pack = tmp_path / "nodepacks" / "test"
    write_files(pack, {"ops.py": OPS})
    for name in [name for name in os.environ if name.startswith(("PSYNAPSE_", "DAYDREAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAYDREAM_SCOPE_DIR", str(tmp_path / "scope"))
    monkeypatch.setenv("PSYNAPSE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NODEPACKS_DIR", str(pack.parent))
    return dict(os.environ)


@pytest.fixture
def node_server(tmp_path: Path, server_variables: dict[str, str]) -> Iterator[NodeServer]:
    with running(sys.executable, tmp_path, server_variables) as server:
        yield server
