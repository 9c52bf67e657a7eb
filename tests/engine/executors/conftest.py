"""A bench that tests share, and one that is their own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
from process_bench import OPS, Bench


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nodepacks") / "odd"
    folder.mkdir()
    (folder / "ops.py").write_text(OPS)
    return folder


@pytest.fixture(scope="module")
def warm(folder: Path) -> Iterator[Bench]:
    bench = Bench(folder, 1)
    yield bench
    bench.executor.close()


@pytest.fixture
def fresh(folder: Path) -> Iterator[Bench]:
    bench = Bench(folder, 2)
    yield bench
    bench.executor.close()
