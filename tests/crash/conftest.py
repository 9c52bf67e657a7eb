import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

from generation_ruins import base_content, look_at_content_of_base


@pytest.fixture(scope="session")
def unchanged_base() -> Iterator[None]:
    """When all tests that take it have ended the base's files are byte by byte what they were before the first."""
    before = base_content()
    yield
    look_at_content_of_base(before)
