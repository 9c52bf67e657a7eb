"""Node packages of any shape, written as projects, and their wheels and source archives.

::

    project = make_package(tmp_path, "scope-hello", "1.0", files={"scope_hello/__init__.py": "..."})
    wheel = build_wheel(project)             # project/dist/scope_hello-1.0-py3-none-any.whl
    archive = build_sdist(project)

The project builds with ``fixture_backend.py``, a copy of which is in it: no network, nothing to install.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import fixture_backend

_BACKEND = Path(fixture_backend.__file__)


def module_name(name: str) -> str:
    """The import name that a package of that name has unless its files say otherwise."""
    return name.replace("-", "_").replace(".", "_").lower()


def _toml(value: object) -> str:
    """JSON's text of strings, numbers, booleans and lists is TOML's as well."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(str(key))} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def _table(name: str, values: Mapping[str, object]) -> str:
    lines = [f"{json.dumps(key)} = {_toml(value)}" for key, value in values.items() if value != ""]
    return "\n".join([f"[{name}]", *lines, ""])


def make_package(  # noqa: PLR0913 - every shape a package can have is one keyword
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    extras: Mapping[str, Sequence[str]] | None = None,
    files: Mapping[str, str] | None = None,
    entry_point: str | Mapping[str, str] | None = "",
    scripts: Mapping[str, str] | None = None,
    python_requires: str = "",
    summary: str = "",
    author: str = "",
    dynamic_version: bool = False,
    build_fails: str = "",
    build_seconds: float = 0,
    ran: Path | None = None,
) -> Path:
    """Write a project to ``folder / name`` and return that path; files that are there are written over.

    ``entry_point`` is the target of the one ``scope`` entry point, which is named like the package: "" for the
    package's module, None for no entry point, a mapping for several. Without ``files`` the package is one module that
    only knows its ``VERSION``. ``ran`` is a file that every build hook appends its name to; ``build_fails`` the
    message builds fail with; ``build_seconds`` how long each hook takes; a dynamic version is known by running hooks.
    """
    target = module_name(name) if entry_point == "" else entry_point
    scope = {name: target} if isinstance(target, str) else target
    project: dict[str, Any] = {
        "name": name,
        "version": "" if dynamic_version else version,
        "dynamic": ["version"] if dynamic_version else [],
        "description": summary,
        "authors": [{"name": author}] if author else [],
        "requires-python": python_requires,
        "dependencies": list(requires),
        "optional-dependencies": {extra: list(lines) for extra, lines in (extras or {}).items()},
        "scripts": dict(scripts or {}),
        "entry-points": {"scope": dict(scope)} if scope else {},
    }
    fixture = {"version": version, "build_fails": build_fails, "build_seconds": build_seconds, "ran": str(ran or "")}
    build = {"requires": [], "build-backend": "fixture_backend", "backend-path": ["_backend"]}
    tables = {"build-system": build, "project": project, "tool.fixture": fixture}
    root = folder / name
    written = {
        **(files if files is not None else {f"{module_name(name)}/__init__.py": f'VERSION = "{version}"\n'}),
        "_backend/fixture_backend.py": _BACKEND.read_text(encoding="utf-8"),
        "pyproject.toml": "\n".join(_table(title, values) for title, values in tables.items()),
    }
    write_files(root, written)
    return root


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write text files below ``root``, with the folders they need."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def build_wheel(project: Path, into: Path | None = None) -> Path:
    """Build the wheel of a project, here and without its hooks, and return its path (in ``project/dist``)."""
    folder = into or project / "dist"
    return folder / fixture_backend.write_wheel(project, folder)


def build_sdist(project: Path, into: Path | None = None) -> Path:
    """Build the source archive of a project, here and without its hooks, and return its path."""
    folder = into or project / "dist"
    return folder / fixture_backend.write_sdist(project, folder)
