"""Short ways to open a run log, to enter runs, and to take its disk away."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from psynapse.storage.records import Unlogged
from psynapse.storage.run_log import RunLog

Result = TypeVar("Result")


@asynccontextmanager
async def opened(path: Path) -> AsyncGenerator[RunLog, None]:
    log = RunLog(path)
    try:
        yield log
    finally:
        await log.close()


def with_log(path: Path, use: Callable[[RunLog], Awaitable[Result]]) -> Result:
    """Run a coroutine function with an open log."""

    async def run() -> Result:
        async with opened(path) as log:
            return await use(log)

    return asyncio.run(run())


async def begin(log: RunLog, run_id: str, *, boot: str = "boot", at: float = 1000.0) -> Unlogged | None:
    return await log.begin(run_id, boot, started_at=at, workflow_digest="digest", plan_json=b"{}", node_count=3)


async def add_run(log: RunLog, run_id: str, events: list[bytes], *, at: float = 1000.0) -> None:
    """A run from its beginning to its end."""
    assert await begin(log, run_id, at=at) is None
    assert await log.append(run_id, 0, events) is None
    assert await log.finish(run_id, "succeeded", 1.5) is None


async def fill_disk(log: RunLog) -> None:
    """Let the file grow no further, until it is opened again after the failure."""

    def limit() -> None:
        with log._database.transaction(writes=False) as connection:
            connection.execute("PRAGMA max_page_count = 1").fetchall()

    await log._thread.call(limit)


def start_python(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own, with pipes to it."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
