from collections.abc import Callable
from pathlib import Path

import pytest

from psynapse.settings import Settings, read_settings

MakeSettings = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> MakeSettings:
    """Settings with a data directory of the test's own, which does not exist yet."""

    def make(**given: object) -> Settings:
        options: dict[str, object] = {"data_dir": tmp_path / "data", "port": 0, "environ": {}, **given}
        return read_settings(**options)  # pyright: ignore[reportArgumentType] -- what the caller gives

    return make
