"""What can begin before a command is loaded, which takes as long as a worker takes to start."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from psynapse.errors import PsynapseError
from psynapse.services.beginning import begin, plain_spec
from psynapse.settings import Settings, read_settings
from psynapse.worker.launcher import Launcher


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeRequest:
    """What the command line asked for; None where it said nothing."""

    host: str | None = None
    port: int | None = None
    nodepacks_dir: Path | None = None
    data_dir: Path | None = None
    reload: bool = False
    open_editor: bool = False

    def settings(self) -> Settings:
        """All settings, with those of the command line. Raises SettingError."""
        return read_settings(nodepacks_dir=self.nodepacks_dir, data_dir=self.data_dir, host=self.host, port=self.port)


def expect_worker(read: Callable[[], Settings], launcher: Launcher) -> None:
    """Have the first worker started, as whoever has these settings will most likely want it."""
    try:
        settings = read()
        launcher.expect(begin(settings.nodes_dir.value).spec(plain_spec(settings)))
    except (PsynapseError, OSError):
        # The server meets the same in a moment, and says so.
        return
