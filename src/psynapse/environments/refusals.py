"""Why a change of the generations was refused, or could not be carried out; nothing has changed then.

::

    EnvironmentsError
    ├── EnvironmentBusy      another change is going on
    ├── StoreUnusable        the folder of the generations cannot be read or written: no room, no permission
    ├── UnknownGeneration    there is no such generation, or it was removed
    ├── NotInstalled         there is no node package of that name
    └── PackageFails         a node package was built but cannot be imported; carries its traceback
"""

import errno
from pathlib import Path
from typing import Final

from psynapse.environments.errors import EnvironmentsError

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class EnvironmentBusy(EnvironmentsError):
    """Another change is going on. ``pid`` is the process that makes it, 0 while that is not known."""

    code = "busy"

    def __init__(self, message: str, *, pid: int = 0) -> None:
        super().__init__(message, hint="wait until it is done, or cancel it where it was started")
        self.pid = pid


class StoreUnusable(EnvironmentsError):
    """The folder of the generations cannot be read or written."""

    code = "nodes-folder-unusable"


class UnknownGeneration(EnvironmentsError):
    """There is no such generation, or it was removed because newer ones took its place."""

    code = "unknown-generation"


class NotInstalled(EnvironmentsError):
    """There is no node package of that name among those that were asked for."""

    code = "not-installed"


class PackageFails(EnvironmentsError):
    """A node package was built, but cannot be imported in the generation it was built for.

    ``package`` is its distribution, ``traceback`` what its import raised, empty when that ended the process.
    """

    code = "package-fails"

    def __init__(self, message: str, *, package: str, traceback: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.package = package
        self.traceback = traceback


def unusable(folder: Path, error: OSError) -> StoreUnusable:
    """What to say of an OSError that came from the folder of the generations."""
    hint = "make room on the disk" if error.errno in _NO_ROOM else "make the folder readable and writable for this user"
    reason = error.strerror or str(error)
    return StoreUnusable(
        f"the node packages in {folder} cannot be read or changed: {reason}",
        hint=f"{hint}, or choose another place with DAYDREAM_SCOPE_DIR",
    )
