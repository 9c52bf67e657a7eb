"""The inside of a generation's folder: a virtual environment whose path goes on to the base."""

import os
import stat
import sys
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

from psynapse.environments.durable import files_below

if TYPE_CHECKING:
    # Not needed where only the current generation is looked up, at the very start of a server.
    from psynapse.environments.base import Base

# The last one that Python reads: what a generation holds, and where its editable packages are, comes before the base.
_TO_BASE: Final = "zz_psynapse_base.pth"
_WRITE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Overlay:
    """A generation's folder, for a Python of ``version`` (as "3.11")."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder
        if sys.platform == "win32":
            self.site = folder / "Lib" / "site-packages"
            self.scripts = folder / "Scripts"
            self.python = self.scripts / "python.exe"
        else:
            self.site = folder / "lib" / f"python{version}" / "site-packages"
            self.scripts = folder / "bin"
            self.python = self.scripts / "python"

    def lead_to(self, base: "Base") -> None:
        """Have its Python see the base as well, after all it holds itself. Raises OSError."""
        # As bytes: the file, and its paths, are read in the encoding of whoever starts Python.
        paths = [os.fsencode(folder) for folder in base.site_dirs]
        lines = [f"import os, site; site.addsitedir(os.fsdecode({path!r}))\n" for path in paths]
        (self.site / _TO_BASE).write_text("".join(lines), encoding="ascii")

    def stay_alone(self) -> None:
        """Have its Python no longer see the base. Raises OSError."""
        (self.site / _TO_BASE).unlink(missing_ok=True)

    def distributions(self) -> Mapping[str, Distribution]:
        """What is installed in it, by normalised name."""
        return {canonicalize_name(one.name): one for one in distributions(path=[str(self.site)])}

    def protect(self) -> None:
        """Make its files read-only, but not its folders: bytecode is added when it is first needed. Raises OSError."""
        for entry in files_below(self.folder):
            mode = entry.stat(follow_symlinks=False).st_mode
            if mode & _WRITE:
                os.chmod(entry.path, stat.S_IMODE(mode) & ~_WRITE)  # noqa: PTH101 -- thousands of files
