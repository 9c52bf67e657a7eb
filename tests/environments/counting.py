"""What uv is asked to do."""

from collections.abc import Sequence
from pathlib import Path

from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.uv import Uv


class Counting(Uv):
    """A uv that remembers the first word that it was told, and whether it may use the network."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self.runs: list[tuple[str, bool]] = []

    async def run(
        self,
        arguments: Sequence[str],
        *,
        on_line: Listener = ignore_line,
        cwd: Path | None = None,
        keep_open: Sequence[int] = (),
        offline: bool = False,
    ) -> str:
        self.runs.append((arguments[0], offline))
        return await super().run(arguments, on_line=on_line, cwd=cwd, keep_open=keep_open, offline=offline)
