"""Where deleted files stay for a while, each with the time of its deletion in its name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from psynapse.engine.private_files import make_private_folder
from psynapse.storage.durable import settle_folder

KEPT_DAYS: Final = 30
_TIME: Final = "%Y%m%dT%H%M%S.%fZ"


class Trash:
    """A folder of deleted files, made when the first one comes. Everything raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, path: Path) -> None:
        """Move a file here; a link itself, not what it leads to."""
        make_private_folder(self._folder)
        path.rename(self._folder / f"{datetime.now(UTC).strftime(_TIME)} {path.name}")
        settle_folder(path.parent)

    def prune(self) -> None:
        """Remove what was deleted long ago. What we did not put here stays."""
        if not self._folder.is_dir():
            return
        oldest = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
        for path in list(self._folder.iterdir()):
            deleted = _time_in(path.name)
            if deleted and deleted < oldest:
                path.unlink(missing_ok=True)


def _time_in(name: str) -> datetime | None:
    try:
        return datetime.strptime(name.partition(" ")[0], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
