"""Making the app known to the system, on whichever this is, and forgetting it again."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from psynapse.desktop import linux_entry, macos_bundle, windows_keys
from psynapse.desktop.errors import RegistrationFailed
from psynapse.desktop.windows_registry import UserRegistry
from psynapse.logs import logger
from psynapse.server.editor_files import editor_folder

_NOTE_NAME: Final = "registration.json"
_REMOVED: Final[Sequence[str]] = ()


def app_command() -> tuple[str, ...]:
    """What starts the app, with the Python that runs now. A link may come after it."""
    python = Path(sys.executable)
    # The one of Windows that opens no console.
    windowed = python.with_name("pythonw.exe")
    return str(windowed if windowed.exists() else python), "-m", "psynapse.cli", "desktop"


def icon_file() -> Path | None:
    """The app's icon, or None where the editor was not built."""
    path = editor_folder() / "icon.svg"
    return path if path.is_file() else None


def register(folder: Path, *, take_over: bool = True) -> tuple[str, ...]:
    """Make the app known; what was written, by name. Raises RegistrationFailed.

    ``folder`` keeps a note of it. Links that another program opens stay with that unless ``take_over``.
    """
    command, icon = app_command(), icon_file()
    if sys.platform == "win32":
        written = _attempt(lambda: windows_keys.register(UserRegistry(), command, icon))
    elif sys.platform == "darwin":
        written = _attempt(lambda: macos_bundle.register(_applications(), command))
    else:
        written = _attempt(lambda: linux_entry.register(command, icon, take_over=take_over))
    _note(folder, command)
    return written


def unregister(folder: Path) -> tuple[str, ...]:
    """Forget the app, also at later starts; what was removed, by name. Raises RegistrationFailed."""
    if sys.platform == "win32":
        removed = _attempt(lambda: windows_keys.unregister(UserRegistry()))
    elif sys.platform == "darwin":
        removed = _attempt(lambda: macos_bundle.unregister(_applications()))
    else:
        removed = _attempt(linux_entry.unregister)
    _note(folder, _REMOVED)
    return removed


def register_once(folder: Path) -> None:
    """Make the app known at its first start, and when it has moved since; never after it was made forgotten."""
    noted = _noted(folder)
    if noted is not None and (noted == _REMOVED or noted == app_command()):
        return
    try:
        register(folder, take_over=False)
    except RegistrationFailed as error:
        logger.warning("%s", error.message)


def _attempt(act: Callable[[], Sequence[object]]) -> tuple[str, ...]:
    try:
        return tuple(str(one) for one in act())
    except OSError as error:
        hint = "the app works without; only links and menus do not find it"
        raise RegistrationFailed(f"the app could not be made known to the system: {error}", hint=hint) from error


def _note(folder: Path, command: Sequence[str]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _NOTE_NAME).write_text(json.dumps({"command": list(command)}), encoding="utf-8")


def _noted(folder: Path) -> tuple[str, ...] | None:
    """The command that is known to the system, none of one that was made forgotten, None before the first start."""
    try:
        said = json.loads((folder / _NOTE_NAME).read_text(encoding="utf-8"))
        return tuple(str(part) for part in said["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _applications() -> Path:
    return Path.home() / "Applications"
