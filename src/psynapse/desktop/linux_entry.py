"""The app in the menus of a Linux desktop, and as what opens its links: a desktop entry, as freedesktop.org has it."""

import configparser
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from psynapse.desktop.deep_links import SCHEME

ENTRY_NAME: Final = "psynapse.desktop"
ICON_NAME: Final = "psynapse"
MIME_TYPE: Final = f"x-scheme-handler/{SCHEME}"
_TOOL_ENDS_WITHIN: Final = 20
_RESERVED: Final = frozenset(" \t\n\"'\\><~|&;$*?#()`")
_ESCAPED_IN_QUOTES: Final = '"`$\\'


def entry_text(command: Sequence[str]) -> str:
    """The desktop entry of an app that is started by ``command``, a link after it."""
    exec_line = " ".join(_argument(part) for part in command)
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Version=1.1\n"
        "Name=Psynapse\n"
        "Comment=Visual node editor for Python\n"
        f"Exec={exec_line} %u\n"
        f"Icon={ICON_NAME}\n"
        "Terminal=false\n"
        "Categories=Development;\n"
        f"MimeType={MIME_TYPE};\n"
        "StartupWMClass=psynapse\n"
    )


def register(command: Sequence[str], icon: Path | None, *, take_over: bool) -> tuple[Path, ...]:
    """Write the entry and the icon, and have links opened by the app; what was written. Raises OSError.

    Links that another program opens stay with it unless ``take_over``.
    """
    entry = _data_home() / "applications" / ENTRY_NAME
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(entry_text(command), encoding="utf-8")
    written = [entry]
    if icon is not None:
        copy = _icon_file()
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(icon, copy)
        written.append(copy)
    _run("update-desktop-database", str(entry.parent))
    if take_over or link_handler() in {"", ENTRY_NAME}:
        _set_handler()
    return tuple(written)


def unregister() -> tuple[Path, ...]:
    """Remove all that ``register`` wrote; what was removed. Raises OSError."""
    entry = _data_home() / "applications" / ENTRY_NAME
    removed = [path for path in (entry, _icon_file()) if path.exists()]
    for path in removed:
        path.unlink()
    for path in _association_files():
        _forget(path)
    if entry.parent.is_dir():
        _run("update-desktop-database", str(entry.parent))
    return tuple(removed)


def link_handler() -> str:
    """The desktop entry that opens links now, by name; empty when there is none or the system has no way to tell."""
    return _run("xdg-mime", "query", "default", MIME_TYPE).strip()


def _set_handler() -> None:
    if shutil.which("xdg-mime"):
        _run("xdg-mime", "default", ENTRY_NAME, MIME_TYPE)
        return
    path = _association_files()[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    associations = _associations(path)
    if not associations.has_section("Default Applications"):
        associations.add_section("Default Applications")
    associations.set("Default Applications", MIME_TYPE, ENTRY_NAME)
    _write(path, associations)


def _forget(path: Path) -> None:
    """Take the app out of a file of associations; the others in it stay."""
    associations = _associations(path)
    changed = False
    for section in associations.sections():
        entries = [one for one in associations.get(section, MIME_TYPE, fallback="").split(";") if one]
        if ENTRY_NAME not in entries:
            continue
        changed = True
        entries = [one for one in entries if one != ENTRY_NAME]
        if entries:
            associations.set(section, MIME_TYPE, ";".join(entries))
        else:
            associations.remove_option(section, MIME_TYPE)
    if changed:
        _write(path, associations)


def _associations(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    # Names of types are as they are written.
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] -- as its documentation has it
    parser.read(path, encoding="utf-8")
    return parser


def _write(path: Path, associations: configparser.RawConfigParser) -> None:
    draft = path.with_name(f"{path.name}.psynapse")
    with draft.open("w", encoding="utf-8") as file:
        associations.write(file, space_around_delimiters=False)
    draft.replace(path)


def _association_files() -> tuple[Path, Path]:
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "mimeapps.list", _data_home() / "applications" / "mimeapps.list"


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _icon_file() -> Path:
    return _data_home() / "icons" / "hicolor" / "scalable" / "apps" / f"{ICON_NAME}.svg"


def _argument(text: str) -> str:
    """One argument of an Exec line: quoted if it must be, then escaped as a string of the file is."""
    text = text.replace("%", "%%")
    if not text or set(text) & _RESERVED:
        text = '"' + "".join(f"\\{c}" if c in _ESCAPED_IN_QUOTES else c for c in text) + '"'
    return text.replace("\\", "\\\\")


def _run(program: str, *arguments: str) -> str:
    """What the program says; empty where it is not there or fails: the entry works without, menus learn of it later."""
    found = shutil.which(program)
    if not found:
        return ""
    done = subprocess.run(  # noqa: S603 -- the desktop's own tools, with arguments of ours
        [found, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_TOOL_ENDS_WITHIN,
        check=False,
    )
    return done.stdout if done.returncode == 0 else ""
