import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from package_bench import own_imports

from psynapse.catalog.registry import Registry, load_registry

MISBEHAVING = Path(__file__).parents[1] / "nodepacks"

WriteFiles = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture(scope="session")
def misbehaving() -> Registry:
    """The registry of all packs in tests/nodepacks, good and bad together."""
    return load_registry([(MISBEHAVING, "user")])


@pytest.fixture
def write_files(tmp_path: Path) -> WriteFiles:
    """Writes files by path below a fresh nodepacks folder and returns that folder."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """A folder on the path for packages of this test alone."""
    folder = tmp_path / "site"
    folder.mkdir()
    with own_imports(folder):
        yield folder
