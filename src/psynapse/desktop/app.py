"""The desktop app, put together: one instance, its links, its server, its window."""

import os
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.desktop.deep_links import PendingLinks, parse_link
from psynapse.desktop.ports import HOST, PORTS
from psynapse.desktop.registration import icon_file, register_once
from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.single_instance import FirstInstance, become_first, hand_over
from psynapse.desktop.supervisor import Supervisor
from psynapse.desktop.toolkit import Toolkit, load_toolkit
from psynapse.desktop.window import EditorWindow
from psynapse.server.security import token_address
from psynapse.settings import Settings

LOG_NAME: Final = "server.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class DesktopRequest:
    """What the app is started with: ``links`` that are to be opened, and whether the system is to learn of it."""

    links: Sequence[str] = ()
    introduce: bool = True


def desktop_folder(settings: Settings) -> Path:
    """Where the app keeps what is its own."""
    return settings.data_dir.value / "desktop"


def run_desktop(settings: Settings, request: DesktopRequest) -> int:
    """Show the app until its window is closed, or hand the links to the one that runs; the exit code.

    Only in the main thread. Raises BadDeepLink, ToolkitMissing and InstanceSilent.
    """
    pending = PendingLinks()
    for link in request.links:
        pending.add(parse_link(link))
    folder = desktop_folder(settings)
    instance = become_first(folder)
    if instance is None:
        hand_over(folder, request.links)
        return 0
    try:
        toolkit = load_toolkit()
        if request.introduce:
            register_once(folder)
        _show(toolkit, settings, pending, instance)
    finally:
        instance.close()
    return 0


def _show(toolkit: Toolkit, settings: Settings, pending: PendingLinks, instance: FirstInstance) -> None:
    folder, token = desktop_folder(settings), secrets.token_urlsafe(32)
    supervisor = make_supervisor(settings, token)
    window = EditorWindow(toolkit, supervisor, pending, folder, lambda origin: token_address(origin, token))
    instance.listen(window.open_links)
    supervisor.start()
    try:
        window.run(icon_file())
    finally:
        supervisor.close()


def make_supervisor(settings: Settings, token: str) -> Supervisor:
    """A supervisor of the real server, which asks everybody for that token."""
    data_dir = str(settings.data_dir.value)

    def command(port: int) -> list[str]:
        # Unbuffered: the last words of one that crashes are what its log is for.
        start = [sys.executable, "-u", "-m", "psynapse.cli", "serve", "--lifeline"]
        return [*start, "--host", HOST, "--port", str(port), "--data-dir", data_dir]

    log = ServerLog(desktop_folder(settings) / LOG_NAME, secrets=[token])
    managed = {"DAYDREAM_SCOPE_MANAGED": "1", "PSYNAPSE_TOKEN": token, "PSYNAPSE_LOG_FILE": str(log.path)}
    ports = [settings.port.value] if settings.port.source == "env" and settings.port.value else PORTS
    return Supervisor(command, {**os.environ, **managed}, log, ports)
