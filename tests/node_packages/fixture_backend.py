"""A build backend (PEP 517 and 660) in one file of standard library, copied into every fixture package.

It needs nothing installed, so building takes no network and little time. Besides ``[project]`` it reads
``[tool.fixture]``: ``version`` (for a dynamic version), ``build_fails`` (text to fail with), ``ran`` (a file that each
hook appends its name to: proof that code of the package was run) and ``build_seconds`` (how long a build takes).
"""

import base64
import hashlib
import io
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_NOT_PACKAGED = {"dist", "_backend", ".git", "__pycache__"}


class Project:
    """A project folder, read."""

    def __init__(self, root: Path) -> None:
        read: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        self.root = root
        self.project: Mapping[str, Any] = read["project"]
        self.fixture: Mapping[str, Any] = read.get("tool", {}).get("fixture", {})
        self.name = str(self.project["name"])
        self.version = str(self.project.get("version") or self.fixture["version"])
        self.stem = f"{self.name.replace('-', '_').replace('.', '_').lower()}-{self.version}"

    def files(self) -> Iterator[tuple[str, bytes]]:
        for path in sorted(self.root.rglob("*")):
            relative = path.relative_to(self.root)
            if path.is_file() and not _NOT_PACKAGED.intersection(relative.parts):
                yield relative.as_posix(), path.read_bytes()

    def modules(self) -> Iterator[tuple[str, bytes]]:
        for name, content in self.files():
            if name != "pyproject.toml":
                yield name, content

    def metadata(self) -> str:
        project = self.project
        lines = ["Metadata-Version: 2.3", f"Name: {self.name}", f"Version: {self.version}"]
        lines += [f"Summary: {project['description']}"] if "description" in project else []
        lines += [f"Author: {author['name']}" for author in project.get("authors", ())]
        lines += [f"Requires-Python: {project['requires-python']}"] if "requires-python" in project else []
        lines += [f"Requires-Dist: {line}" for line in project.get("dependencies", ())]
        for extra, requires in project.get("optional-dependencies", {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f"Requires-Dist: {line} ; extra == '{extra}'" for line in requires]
        return "\n".join(lines) + "\n"

    def dist_info(self) -> Iterator[tuple[str, bytes]]:
        folder = f"{self.stem}.dist-info"
        yield f"{folder}/METADATA", self.metadata().encode()
        yield f"{folder}/WHEEL", b"Wheel-Version: 1.0\nGenerator: fixture\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        groups = {"console_scripts": self.project.get("scripts", {}), **self.project.get("entry-points", {})}
        text = "".join(
            f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items()) + "\n"
            for group, entries in groups.items()
            if entries
        )
        if text:
            yield f"{folder}/entry_points.txt", text.encode()


def _record(entries: list[tuple[str, bytes]], folder: str) -> bytes:
    rows = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()},{len(content)}"
        for name, content in entries
    ]
    return "\n".join([*rows, f"{folder}/RECORD,,", ""]).encode()


def write_wheel(root: Path, into: Path, *, editable: bool = False) -> str:
    """Write the wheel of the project at ``root``; returns its file name."""
    project = Project(root)
    content = [(f"_editable_{project.stem.split('-')[0]}.pth", f"{root}\n".encode())] if editable else []
    entries = [*(content or project.modules()), *project.dist_info()]
    entries.append((f"{project.stem}.dist-info/RECORD", _record(entries, f"{project.stem}.dist-info")))
    into.mkdir(parents=True, exist_ok=True)
    name = f"{project.stem}-py3-none-any.whl"
    with zipfile.ZipFile(into / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in entries:
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), data)
    return name


def write_sdist(root: Path, into: Path) -> str:
    """Write the source archive of the project at ``root``; returns its file name."""
    project = Project(root)
    backend = (root / "_backend" / "fixture_backend.py").read_bytes()
    entries = [*project.files(), ("_backend/fixture_backend.py", backend), ("PKG-INFO", project.metadata().encode())]
    into.mkdir(parents=True, exist_ok=True)
    name = f"{project.stem}.tar.gz"
    with tarfile.open(into / name, "w:gz") as archive:
        for path, data in entries:
            member = tarfile.TarInfo(f"{project.stem}/{path}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return name


def _begin(hook: str) -> Path:
    root = Path.cwd()
    fixture = Project(root).fixture
    if ran := fixture.get("ran"):
        with Path(ran).open("a", encoding="utf-8") as file:
            file.write(f"{hook}\n")
    time.sleep(fixture.get("build_seconds", 0))
    if reason := fixture.get("build_fails"):
        raise RuntimeError(reason)
    return root


def build_wheel(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    return write_wheel(_begin("build_wheel"), Path(wheel_directory))


def build_editable(wheel_directory: str, config_settings: object = None, metadata_directory: object = None) -> str:
    return write_wheel(_begin("build_editable"), Path(wheel_directory), editable=True)


def build_sdist(sdist_directory: str, config_settings: object = None) -> str:
    return write_sdist(_begin("build_sdist"), Path(sdist_directory))


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: object = None) -> str:
    project = Project(_begin("prepare_metadata_for_build_wheel"))
    for name, content in project.dist_info():
        path = Path(metadata_directory, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return f"{project.stem}.dist-info"


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
