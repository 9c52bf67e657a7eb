"""What psynapse finds around it: memory and cores, the temporary folder, environment variables."""

import difflib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.errors import SettingError
from psynapse.settings import Settings, read_settings
from psynapse.worker.variables import MARK

_MIB: Final = 1 << 20
_ENOUGH_MEMORY: Final = 512 * _MIB
_OURS: Final = "PSYNAPSE_"
_HIDDEN: Final = "TOKEN"
_ALIKE: Final = 0.85
_ELSEWHERE: Final = frozenset({MARK, "PSYNAPSE_WORKER_MEMORY_MB"})
"""Variables that are read outside the settings."""


def memory(_: Settings, least: int = _ENOUGH_MEMORY) -> Finding:
    """Whether that many bytes of memory are available, and how many cores there are."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    shown_cores = f"{cores} core{'' if cores == 1 else 's'}"
    available = available_memory()
    if available is None:
        return ok(f"{shown_cores}; this system does not tell how much memory is available")
    shown = f"{available / _MIB:,.0f} MiB of memory available, {shown_cores}"
    return ok(shown) if available >= least else warning(f"only {shown}", "end other programs, or give it more memory")


def available_memory() -> int | None:
    """Bytes that can be had without swapping, or None where the system does not tell."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def temporary_folder(_: Settings) -> Finding:
    """Whether there is a folder for temporary files, and the one that was asked for."""
    hint = "let TMPDIR name a folder that can be written to"
    try:
        found = tempfile.gettempdir()
        with tempfile.TemporaryFile(dir=found):
            pass
    except OSError as error:
        return problem(f"there is no folder for temporary files: {error.strerror or error}", hint)
    asked = os.environ.get("TMPDIR")
    if asked and Path(asked) != Path(found):
        return warning(f"TMPDIR names {asked}, which cannot be used; {found} is taken instead", hint)
    return ok(found)


def variables(_: Settings) -> Finding:
    """Which of the environment variables that count are set, and which look like one but are not."""
    known = known_variables()
    odd = list(_lookalikes(os.environ, known))
    if odd:
        return warning("these environment variables do nothing", "correct their names, or unset them", *odd)
    there = [_shown(name, os.environ[name]) for name in sorted(known) if os.environ.get(name)]
    return ok(", ".join(there) or "no environment variables of psynapse are set")


def known_variables() -> frozenset[str]:
    """The names of all environment variables that psynapse reads, as reading the settings shows them."""
    asked = _Asked()
    read_settings(environ=asked)
    return frozenset(asked.names) | _ELSEWHERE


class _Asked(dict[str, str]):
    """An empty environment that notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: object = None, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] -- nothing is ever there
        del default
        self.names.add(key)


def unusable_variables(environ: Mapping[str, str]) -> dict[str, SettingError]:
    """The variables whose value cannot be used, each with the complaint."""
    found: dict[str, SettingError] = {}
    for name in known_variables() & environ.keys():
        try:
            read_settings(environ={name: environ[name]})
        except SettingError as error:
            found[name] = error
    return found


def _lookalikes(environ: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    for name in sorted(environ.keys() - known):
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.6 if name.startswith(_OURS) else _ALIKE)
        if name.startswith(_OURS) or close:
            # Never the value: the name may be a token's with a slip of the keyboard.
            yield f"{name} is unknown{f'; {close[0]} is meant?' if close else ''}"


def _shown(name: str, value: str) -> str:
    return f"{name} is set" if _HIDDEN in name or name == MARK else f"{name}={value}"
