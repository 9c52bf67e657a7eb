"""Where the misbehaving nodepack is, alone in a folder of nodepacks."""

import sys
from pathlib import Path

import pytest

from psynapse.worker.process import WorkerSpec

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

MISBEHAVING = Path(__file__).parents[1] / "nodepacks" / "misbehaving"


@pytest.fixture(scope="session")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    (folder / "misbehaving").symlink_to(MISBEHAVING, target_is_directory=True)
    return folder


@pytest.fixture(scope="session")
def spec(packs: Path) -> WorkerSpec:
    return WorkerSpec(roots=((packs, "user"),))
