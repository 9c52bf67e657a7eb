"""What every result in this process depends on besides its task: Python, packages, variables, the current folder."""

import contextlib
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

_OURS: Final = "PSYNAPSE_"
# What terminals and service managers set anew at each start; the current folder is looked at itself.
_PASSING: Final = frozenset(
    {
        "_",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "OLDPWD",
        "PWD",
        "SHLVL",
        "SSH_AUTH_SOCK",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "SYSTEMD_EXEC_PID",
        "TERM_SESSION_ID",
        "WINDOWID",
        "XDG_SESSION_ID",
    }
)
_DISTRIBUTIONS: Final = (".dist-info", ".egg-info")


def surroundings(variables: Mapping[str, str] | None = None, path: Iterable[str] | None = None) -> bytes:
    """16 bytes that differ where results may differ although code and inputs are the same.

    They cover Python, its machine, the names and versions of all distributions on the path (psynapse is one of them),
    the current folder and the environment's variables, without psynapse's own.
    """
    hasher = blake2b(digest_size=16)
    for part in _parts(os.environ if variables is None else variables, sys.path if path is None else path):
        text = part.encode("utf-8", "surrogatepass")
        hasher.update(len(text).to_bytes(8, "little") + text)
    return hasher.digest()


def _parts(variables: Mapping[str, str], path: Iterable[str]) -> Iterator[str]:
    yield from (sys.version, sys.platform, platform.machine(), str(sys.flags))
    with contextlib.suppress(OSError):
        yield str(Path.cwd())
    for name in sorted(variables):
        if name not in _PASSING and not name.startswith(_OURS):
            yield f"{name}={variables[name]}"
    yield from sorted(_distributions(path))


def _distributions(path: Iterable[str]) -> set[str]:
    """Names and versions as installers write them into the names of folders: no metadata has to be read."""
    found: set[str] = set()
    for folder in path:
        with contextlib.suppress(OSError):
            found.update(name for name in os.listdir(folder or ".") if name.endswith(_DISTRIBUTIONS))  # noqa: PTH208 -- only the names are wanted
    return found
