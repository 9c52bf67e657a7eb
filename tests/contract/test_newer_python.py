"""Packages for a newer Python than the oldest that we run on: most of those that were written for Scope."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout_environment import CheckoutEnvironment, find_python
from local_index import LocalIndex
from node_server import NodeServer, running
from package_project import build_wheel, make_package

NEWER = "3.12"
HOOKS = """
from pathlib import Path
from scope.core import hookimpl

@hookimpl
def register_nodepacks(register):
    register(Path(__file__).parent / "modern_nodes")
"""
OPS = """
type Number = int | float

def largest[T: (int, float)](numbers: list[T]) -> T:
    return max(numbers)

def greeting(name: str = "you") -> str:
    return f"hello {name.replace("_", " ")}"
"""


@pytest.fixture(scope="session")
def newer_python(request: pytest.FixtureRequest) -> Path:
    """The Python of an environment of that version with this checkout in it."""
    found = find_python(NEWER)
    if not found:
        pytest.skip(f"there is no Python {NEWER} on this machine")
    return CheckoutEnvironment(request.config.cache.mkdir(f"python-{NEWER}"), found, ()).made()


@pytest.fixture
def newer_server(newer_python: Path, server_variables: dict[str, str], tmp_path: Path) -> Iterator[NodeServer]:
    with running(newer_python, tmp_path, server_variables) as server:
        yield server


def modern_package(folder: Path) -> Path:
    files = {"scope_modern/__init__.py": HOOKS, "scope_modern/modern_nodes/ops.py": OPS}
    return build_wheel(make_package(folder, "scope-modern", files=files, python_requires=f">={NEWER}"))


@pytest.mark.timeout(300)
def test_a_package_for_a_newer_python_is_installed_and_run_by_it(
    newer_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    index.add(modern_package(tmp_path))
    assert newer_server.installed("scope-modern")["node"]["version"] == "1.0"
    assert {"modern_nodes/ops.py:largest", "modern_nodes/ops.py:greeting"} <= newer_server.refs()
    node = {"id": "n", "type": "functionNode", "data": {"ref": "modern_nodes/ops.py:largest", "numbers": [3, 7, 5]}}
    edge = {"source": "n", "sourceHandle": "result", "target": "View", "targetHandle": "input"}
    view = {"id": "View", "type": "viewNode", "data": {}}
    assert newer_server.execute({"nodes": [node, view], "edges": [edge]}) == 7


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python is new enough for the package")
def test_by_an_older_python_it_is_refused_for_that_reason(node_server: NodeServer, index: LocalIndex, tmp_path: Path):
    index.add(modern_package(tmp_path))
    refused = node_server.install("scope-modern")
    assert refused.status_code == 409
    assert f"Python>={NEWER}" in refused.json()["explanation"]
    assert "Python" in refused.json()["detail"]
    assert node_server.versions() == {}
