"""Can the server keep its state: the folder, the disk, who owns it, the run log."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from psynapse.cli.doctor.answers import health_at
from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.errors import StorageError
from psynapse.settings import Settings
from psynapse.storage.data_dir import DataDirectory, Owner
from psynapse.storage.inspection import inspect_log, set_aside

_GIB: Final = 1 << 30
_CLOCK_SLACK: Final = 300.0
"""Seconds that the clocks of two machines may differ."""
_ELSEWHERE: Final = "choose another folder with --data-dir or PSYNAPSE_DATA_DIR"
_LOCK: Final = "lock"
_OWNER: Final = "owner.json"
_LOG: Final = "runs.db"


def data_directory(settings: Settings) -> Finding:
    """Whether the folder is there, or can be made, and can be written to."""
    folder = settings.data_dir.value
    there = existing_part(folder)
    if not there.is_dir():
        return problem(f"{there} is no folder, so the data directory {folder} cannot be made", _ELSEWHERE)
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return problem(f"nothing can be written into {there}: {error.strerror}", f"make it writable, or {_ELSEWHERE}")
    return ok(str(folder) if there == folder else f"{folder} does not exist yet and can be made")


def existing_part(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next((part for part in (path, *path.parents) if os.path.lexists(part)), path)


def free_space(settings: Settings, least: int = _GIB) -> Finding:
    """Whether the disk under the data directory has at least that many bytes left."""
    free = shutil.disk_usage(existing_part(settings.data_dir.value)).free
    shown = f"{free / _GIB:,.1f} GiB free on the disk of the data directory"
    return ok(shown) if free >= least else warning(f"only {shown}", f"make room, or {_ELSEWHERE}")


def owner(settings: Settings) -> Finding:
    """Who owns the folder, and whether that server is well."""
    folder = settings.data_dir.value
    if not (folder / _LOCK).exists():
        return ok("no server has used the data directory yet")
    one = DataDirectory(folder).owner()
    if one is None and not is_locked(folder):
        return _without_owner(folder)
    if one is None or not _alive(one.pid):
        return _held_by_nobody(folder)
    return _state_of(one)


def _without_owner(folder: Path) -> Finding:
    """No process holds the lock. One that was killed leaves its name behind, which the next one replaces."""
    left = " (the last one ended without saying so)" if (folder / _OWNER).exists() else ""
    return ok(f"no server runs on the data directory{left}")


def _held_by_nobody(folder: Path) -> Finding:
    """The lock is taken, but not by the process that is written there."""
    holders = lock_holders(folder / _LOCK)
    who = f"process {', '.join(map(str, holders))}" if holders else "a process"
    hint = "a server may be starting: look again; if it stays, end that process"
    return warning(f"{who} holds the lock of the data directory without saying where it listens", hint)


def _state_of(one: Owner) -> Finding:
    who = f"process {one.pid}"
    if not one.address:
        return warning(f"{who} owns the data directory and does not listen yet", "look again in a moment")
    health = health_at(one.address)
    if health is None:
        hint = f"it may be stuck: end it with kill {one.pid}, if need be kill -9"
        return problem(f"{who} owns the data directory and does not answer at {one.address}", hint)
    if health.get("boot_id") != one.boot_id:
        hint = "look again in a moment; if it stays, end both servers and start one"
        return warning(f"{who} owns the data directory, but another server answers at {one.address}", hint)
    return ok(f"{who} owns the data directory and answers at {one.address}")


def is_locked(folder: Path) -> bool:
    """Whether a process holds the lock, named or not."""
    return bool(lock_holders(folder / _LOCK))


def lock_holders(path: Path) -> list[int]:
    """The processes that hold a lock on a file, as far as the system tells (Linux; elsewhere none are found)."""
    with suppress(OSError):
        # The device is left out: overlays and network disks show another one there.
        ending = f":{path.stat().st_ino}"
        lines = (line.split() for line in Path("/proc/locks").read_text(encoding="utf-8").splitlines())
        return sorted({int(line[4]) for line in lines if line[1] == "FLOCK" and line[5].endswith(ending)})
    return []


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def run_log(settings: Settings) -> Finding:
    """Whether the log of runs can be read and is sound."""
    path = settings.data_dir.value / _LOG
    if not path.exists():
        return ok("there is no run log yet")
    try:
        found = inspect_log(path)
    except StorageError as error:
        return problem(error.message, error.hint)
    if found.problem:
        hint = "the next start renames it and begins a new one; copy it first if you need what is in it"
        return problem(f"the run log {path} {found.problem}", hint)
    shown = f"{found.runs:,} runs in {found.size / (1 << 20):,.1f} MiB"
    if aside := set_aside(path):
        hint = "remove them if nobody needs what is in them"
        return warning(f"{shown}; earlier logs were damaged and set aside", hint, *map(str, aside))
    return ok(f"{shown}{'' if found.whole else '; it is too long to be checked to its end'}")


def clock(settings: Settings) -> Finding:
    """Whether the disk's idea of the time is plausible: files of the future are never pruned in order."""
    folder = settings.data_dir.value
    if not folder.exists():
        return ok("nothing to compare the clock with yet")
    ahead = max(entry.stat().st_mtime for entry in (folder, *folder.iterdir())) - time.time()
    if ahead > _CLOCK_SLACK:
        hint = "set the clock of this machine, or of the one that holds the disk"
        return warning(f"the data directory was changed {ahead / 60:,.0f} minutes in the future", hint)
    return ok("the clock and the files of the data directory agree")
