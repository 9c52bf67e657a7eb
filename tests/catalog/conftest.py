from collections.abc import Callable
from pathlib import Path

import pytest

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
