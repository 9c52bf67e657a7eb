"""Can nodes run: a worker starts and imports every nodepack; nothing is left of earlier ones."""

import asyncio
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from psynapse.catalog.nodepacks import shipped_root
from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.cli.in_worker import workers_possible
from psynapse.cli.streams import one_line
from psynapse.environments.store import GenerationStore
from psynapse.errors import WorkerError
from psynapse.model.catalog import Catalog, LoadFailure
from psynapse.settings import Settings
from psynapse.worker.client import Worker
from psynapse.worker.process import WorkerSpec
from psynapse.worker.variables import MARK

_PROGRAM = b"psynapse.worker"


def nodepacks(settings: Settings) -> Finding:
    """Whether a worker starts, how long that takes, and which nodepacks it cannot load."""
    if not workers_possible():
        return warning("workers do not run on this system yet", "psynapse run works all the same, in one process")
    began = time.perf_counter()
    try:
        catalog = asyncio.run(_catalog_of_a_worker(settings))
    except WorkerError as error:
        return problem(f"no worker can start: {error.message}", error.hint)
    took = f"a worker was ready in {time.perf_counter() - began:.2f} s"
    if broken := [failure for failure in catalog.failures if failure.extra is None]:
        failed = f"{len(broken)} could not be loaded"
        return problem(f"{took}; {failed}", "psynapse catalog --verbose shows why", *map(_line, broken))
    packs = {schema.nodepack for schema in catalog.schemas}
    own = settings.nodepacks_dir.value
    where = str(own) if own.is_dir() else f"no folder of your own at {own}"
    return ok(f"{took}: {len(catalog.schemas)} nodes in {len(packs)} nodepacks; {where}", *_offers(catalog.failures))


def _offers(failures: Sequence[LoadFailure]) -> Iterator[str]:
    """A line for each extra that would bring more nodes."""
    by_extra: dict[str, dict[str, str]] = {}
    for failure in failures:
        if failure.extra:
            by_extra.setdefault(failure.extra, {})[failure.nodepack] = failure.hint
    for packs in by_extra.values():
        yield f"not installed: {', '.join(packs)}; {next(iter(packs.values()))}"


async def _catalog_of_a_worker(settings: Settings) -> Catalog:
    disabled = GenerationStore(settings.nodes_dir.value).disabled()
    spec = WorkerSpec(roots=((settings.nodepacks_dir.value, "user"), (shipped_root(), "shipped")), disabled=disabled)
    worker = await Worker.start(spec)
    try:
        return worker.catalog
    finally:
        await worker.stop()


def _line(failure: LoadFailure) -> str:
    """Where and why, in one line."""
    name = f" ({failure.name})" if failure.name else ""
    first, *_ = failure.message.splitlines() or [""]
    return one_line(f"{failure.filepath}{name}: {failure.error_type}: {first}")


def strays(_: Settings) -> Finding:
    """Whether programs that nodes have started are left although their worker is gone."""
    found = list(stray_processes())
    if found:
        pids = " ".join(str(pid) for pid, _ in found)
        lines = (f"process {pid}: {command}" for pid, command in found)
        return warning(f"{len(found)} processes are left of workers that are gone", f"end them: kill {pids}", *lines)
    return ok("no processes are left of earlier workers")


def stray_processes() -> Iterator[tuple[int, str]]:
    """Process ids and command lines of what carries the mark of a worker that no longer lives (Linux)."""
    marked = dict(_marked())
    living = {mark for pid, (mark, command) in marked.items() if _is_worker(pid, command)}
    for pid, (mark, command) in marked.items():
        if mark not in living:
            yield pid, one_line(command.replace(b"\0", b" ").decode("utf-8", "replace"))[:200]


def _is_worker(pid: int, command: bytes) -> bool:
    """What a worker has forked looks like it, but does not lead the session."""
    try:
        return _PROGRAM in command and os.getsid(pid) == pid
    except ProcessLookupError:
        return False


def _marked() -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """Every process with a worker's mark: its id, the mark, its command line."""
    prefix = f"{MARK}=".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            for variable in (process / "environ").read_bytes().split(b"\0"):
                if variable.startswith(prefix):
                    yield int(process.name), (variable, (process / "cmdline").read_bytes())
