"""A base of a test's own: a virtual environment with the distributions a test wants, in no index.

::

    base = make_base(tmp_path, [build_wheel(make_package(tmp_path, "torch", "2.13.0+cpu"))])
"""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from psynapse.environments.base import Base, read_base
from psynapse.environments.uv import find_uv


def make_base(folder: Path, wheels: Sequence[Path] = ()) -> Base:
    """Make ``folder / "base"`` a virtual environment with these wheels in it, and read it."""
    root = folder / "base"
    command = [find_uv(), "venv", "--quiet", "--python", sys.executable, str(root)]
    subprocess.run(command, check=True)
    python = root / "bin" / "python"
    (site_dir,) = root.glob("lib/python*/site-packages")
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site_dir)
    return read_base(str(python))
