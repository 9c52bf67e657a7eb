"""``psynapse desktop``: the editor in a window of its own."""

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from psynapse.cli.program import SUCCESS
from psynapse.desktop.app import DesktopRequest, desktop_folder, run_desktop
from psynapse.desktop.registration import register, unregister
from psynapse.logs.stderr import log_to_stderr
from psynapse.settings import read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopCommand:
    """What the command line asked for."""

    link: str = ""
    data_dir: Path | None = None
    register: bool = False
    unregister: bool = False


def desktop(command: DesktopCommand) -> int:
    """Show the app until it is closed, or make it known to the system or forgotten. Returns the exit code.

    Raises DesktopError and SettingError.
    """
    settings = read_settings(data_dir=command.data_dir)
    folder = desktop_folder(settings)
    if command.register:
        return _tell("wrote", register(folder))
    if command.unregister:
        return _tell("removed", unregister(folder))
    log_to_stderr()
    return _end(run_desktop(settings, DesktopRequest(links=[command.link] if command.link else [])))


def _tell(what: str, names: tuple[str, ...]) -> int:
    for name in names:
        sys.stdout.write(f"{what} {name}\n")
    if not names:
        sys.stdout.write("there was nothing to do\n")
    return SUCCESS


def _end(code: int) -> NoReturn:
    """End at once: threads that wait for a window that is gone would keep the process for ever."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
