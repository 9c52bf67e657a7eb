"""What a server keeps of its runs: the log, and the whole values of views."""

import asyncio
from collections.abc import Container
from functools import partial
from pathlib import Path

from psynapse.logs import logger
from psynapse.services.history import History
from psynapse.services.journal import Entry
from psynapse.services.run import Run
from psynapse.services.values import ValueFiles
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.run_log import RunLog


class Archive:
    """A data directory, as far as runs are concerned. Its owner is the only one to use it."""

    def __init__(self, data_dir: Path, boot_id: str) -> None:
        self.files = ValueFiles(data_dir / "values")
        self.cache_folder = str(data_dir / "cache")
        self._log = RunLog(data_dir / "runs.db")
        self._boot_id = boot_id
        self.history = History(self._log)

    async def begin(self) -> None:
        """Runs that an earlier server did not end are lost from now on."""
        try:
            lost = await self._log.mark_lost(self._boot_id)
        except StorageUnavailable as error:
            # They are shown as lost all the same. Runs of this server will say that they are unlogged.
            logger.warning("%s", error)
            return
        if lost:
            logger.warning("runs that were going when the server ended are lost: %s", ", ".join(lost))

    def enter(self, run: Run, digest: str, plan_json: bytes) -> None:
        """Log a run from its beginning on."""
        info = run.info
        entry = Entry(run.id, self._boot_id, info.started_at, digest, plan_json, info.nodes)
        run.log_to(self._log, entry, partial(self.history.events, run.id))

    async def prune(self, max_age_days: float, max_bytes: int, live: Container[str]) -> None:
        """Remove what is too old or too much, and values of runs that nobody knows any more."""
        try:
            await self._log.prune(max_age_days, max_bytes)
            there = await asyncio.to_thread(self.files.run_ids)
            gone = [run_id for run_id in there if run_id not in live and not await self._log.get(run_id)]
        except StorageUnavailable as error:
            logger.warning("old runs were not removed: %s", error)
            return
        await asyncio.to_thread(self.files.remove, gone)

    async def close(self) -> None:
        """Store what is waiting and close the log."""
        await self._log.close()
