import sys
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's run log is."""
    return tmp_path / "runs.sqlite3"
