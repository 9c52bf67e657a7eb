"""How much memory workers hold, and how much they may hold together."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

_SHARE: Final = 0.6
_KIBIBYTE: Final = 1024


def memory_budget() -> int:
    """The bytes that all workers may hold before no more are started: 60 % of what this machine or container has."""
    limits = [_physical_bytes(), *container_limits(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup"))]
    return int(min(limits) * _SHARE)


def held_bytes(workers: Collection[int]) -> int:
    """The memory of these processes and of what they started, shared pages by share. 0 where the system cannot tell."""
    members = _by_session()
    return sum(_proportional_bytes(pid) for worker in workers for pid in {worker, *members.get(worker, ())})


def container_limits(membership: Path, mounted: Path) -> Iterator[int]:
    """The limits in bytes of the control groups (version 2 and 1) that this process is in, and of those above them."""
    with contextlib.suppress(OSError):
        for line in membership.read_text(encoding="utf-8").splitlines():
            _, controllers, group = line.split(":", 2)
            if not controllers:
                yield from _limits_above(mounted, group, "memory.max")
            elif "memory" in controllers.split(","):
                yield from _limits_above(mounted / "memory", group, "memory.limit_in_bytes")


def _limits_above(mounted: Path, group: str, name: str) -> Iterator[int]:
    """Inside a container the group's path may be the host's: what is not there is passed over."""
    folder = mounted / group.lstrip("/")
    for place in (folder, *folder.parents):
        if place.is_relative_to(mounted):
            # "max" is no number and no limit.
            with contextlib.suppress(OSError, ValueError):
                yield int((place / name).read_text(encoding="utf-8"))


def _physical_bytes() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _by_session() -> dict[int, list[int]]:
    """Processes by their session. A worker leads one of its own, in which its children are."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # What comes before is the program's name, in which there may be anything.
            _, _, fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")
            members[int(fields.split()[3])].append(int(entry.name))
    return members


def _proportional_bytes(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * _KIBIBYTE
    return 0
