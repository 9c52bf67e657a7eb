"""Virtual environments with this checkout in them and something else: another Python, a large package.

They are made once and kept in a folder until what they are made from changes; several processes may want one at once.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psynapse.environments.uv import find_uv

ROOT: Final = Path(__file__).resolve().parents[2]
_FINISHED: Final = "finished"
# What changes for whom a program works, and where it looks for packages and files.
_OF_THE_MACHINE: Final = (
    *("UV_", "PIP_", "GIT_", "PYTHON", "PYTEST_", "VIRTUAL_ENV"),
    *("PSYNAPSE_", "DAYDREAM_", "NODEPACKS_"),
)


class CheckoutEnvironment:
    """An environment below ``kept``, made by ``python`` from this checkout with an extra and these packages.

    ``wheels``: a folder that packages are looked for in as well.
    """

    def __init__(self, kept: Path, python: str, packages: Sequence[str], *, extra: str = "", wheels: str = "") -> None:
        self._kept = kept
        self._base = python
        self._packages = [f"{ROOT}[{extra}]" if extra else str(ROOT), *packages]
        self._wheels = wheels
        made_from = [python, (ROOT / "pyproject.toml").read_text(encoding="utf-8"), *self._packages]
        self._folder = kept / hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:16]

    def made(self) -> Path:
        """Make it unless that was done, and return its Python. Raises CalledProcessError when uv fails."""
        with (self._kept / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self._folder / _FINISHED).exists():
                self._clear()
                self._make()
                (self._folder / _FINISHED).touch()
        return self._python

    @property
    def _python(self) -> Path:
        return self._folder / "bin" / "python"

    def _clear(self) -> None:
        """Such an environment may take a gigabyte: what was made from something else goes."""
        for path in self._kept.iterdir():
            if path.is_dir():
                shutil.rmtree(path)

    def _make(self) -> None:
        self._uv("venv", "--python", self._base, str(self._folder))
        self._uv("pip", "install", "--python", str(self._python), "--editable", *self._packages)

    def _uv(self, *arguments: str) -> None:
        found = {"UV_FIND_LINKS": self._wheels} if self._wheels else {}
        subprocess.run([find_uv(), *arguments, "--quiet"], env={**os.environ, **found}, check=True)


def find_python(version: str) -> str:
    """A Python of that version, as "3.12", on this machine; empty when there is none."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    # What pyenv puts on the path only says that it may not be used.
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    there = sorted(kept.glob(f"{version}.*/bin/python{version}"))
    command = [find_uv(), "python", "find", "--system", "--no-python-downloads", "--quiet", version]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return str(there[-1]) if there else ran.stdout.strip()


def plain_variables() -> dict[str, str]:
    """The environment variables but for those that change what Python, uv, Git, pytest and psynapse do."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_MACHINE)}
