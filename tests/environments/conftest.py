import sys
from collections.abc import Callable
from pathlib import Path

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

import pytest
from asking import Asking, Offer, make_pinned_base
from local_index import LocalIndex
from package_project import build_wheel, make_package

from psynapse.environments.base import Base, read_base
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv


@pytest.fixture(scope="session")
def base() -> Base:
    """What psynapse is installed in here."""
    return read_base()


@pytest.fixture
def store(tmp_path: Path) -> GenerationStore:
    """An empty store."""
    return GenerationStore(tmp_path / "nodes")


@pytest.fixture
def uv(tmp_path: Path, hermetic: Path) -> Uv:
    """uv with a cache of the test's own."""
    return Uv(tmp_path / "nodes" / "cache")


@pytest.fixture
def changer(store: GenerationStore, base: Base, uv: Uv) -> Changer:
    """What changes that store, with real workers to try packages in."""
    return Changer(store, base, uv, WorkerProbe())


@pytest.fixture
def offer(tmp_path: Path, index: LocalIndex) -> Offer:
    """Builds a wheel, or what is asked for, and offers it in the index."""

    def offer(name: str, version: str = "1.0", *, build: Callable[[Path], Path] = build_wheel, **shape: object) -> Path:
        built = build(make_package(tmp_path / "offered" / version, name, version, **shape))  # pyright: ignore[reportArgumentType]
        index.add(built)
        return built

    return offer


@pytest.fixture
def pinned_base(tmp_path: Path, hermetic: Path) -> Base:
    """A base of the test's own with pins in it that no index has."""
    return make_pinned_base(tmp_path)


@pytest.fixture
def ask(uv: Uv, pinned_base: Base) -> Asking:
    """Resolves against that base, and stays at what was chosen before."""
    return Asking(uv, pinned_base)
