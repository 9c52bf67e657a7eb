"""An environment with torch in it, and a server that runs in it with node packages whose pipelines use it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from checkout_environment import plain_variables
from local_index import LocalIndex
from node_server import NodeServer, running
from package_project import build_wheel, make_package, write_files
from studio_workflow import OPS
from tensor_package import ENTRY_POINT, FILES, NAME
from torch_environment import find_wheels, missing, torch_environment


@pytest.fixture(scope="session")
def torch_python(request: pytest.FixtureRequest) -> Path:
    """The Python of an environment with this checkout and torch in it; it is kept until either changes."""
    wheels = find_wheels()
    if reason := missing(wheels):
        pytest.skip(reason)
    return torch_environment(request.config.cache.mkdir("torch"), wheels).made()


@pytest.fixture(scope="module")
def index() -> Iterator[LocalIndex]:
    """An index on loopback that has no torch."""
    index = LocalIndex()
    yield index
    index.stop()


@pytest.fixture(scope="module")
def studio(
    torch_python: Path,
    index: LocalIndex,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[NodeServer]:
    """A server in that environment; the index has the package, which is not installed yet."""
    folder = tmp_path_factory.mktemp("studio")
    index.add(build_wheel(make_package(folder, NAME, files=FILES, entry_point=ENTRY_POINT, requires=["torch>=2.9"])))
    write_files(folder / "nodepacks" / "test", {"ops.py": OPS})
    variables = {
        **plain_variables(),
        **index.environment(),
        "HOME": str(folder),
        "UV_NO_CONFIG": "1",
        "DAYDREAM_SCOPE_DIR": str(folder / "scope"),
        "PSYNAPSE_DATA_DIR": str(folder / "data"),
        "NODEPACKS_DIR": str(folder / "nodepacks"),
    }
    with running(torch_python, folder, variables) as server:
        yield server
