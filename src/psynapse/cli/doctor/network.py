"""Can the server be reached: the loopback interface, and its port."""

import errno
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from psynapse.cli.doctor.answers import health_at
from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.settings import Settings
from psynapse.storage.data_dir import DataDirectory

_SECONDS = 2.0
_LISTENING = "0A"
"""How ``/proc/net/tcp`` writes that state."""


def loopback(_: Settings) -> Finding:
    """Whether this machine reaches itself: workers' programs, the editor and the desktop window all do so."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(_SECONDS)
            with socket.create_connection(listener.getsockname(), _SECONDS) as one, listener.accept()[0] as other:
                one.sendall(b"?")
                other.settimeout(_SECONDS)
                other.recv(1)
    except OSError as error:
        hint = "bring the loopback interface up (ip link set lo up), or have the firewall leave it alone"
        return problem(f"this machine cannot reach itself at 127.0.0.1: {error}", hint)
    return ok("this machine reaches itself at 127.0.0.1")


def port(settings: Settings) -> Finding:
    """Whether the server can listen where it is told to, or already does."""
    host, number = settings.host.value, settings.port.value
    if number == 0:
        return ok("any free port is taken")
    try:
        _try_to_listen(host, number)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return _taken(settings)
        hint = "choose a port from 1024 on" if error.errno == errno.EACCES else "check --host and --port"
        return problem(f"cannot listen on {host} port {number}: {error.strerror or error}", hint)
    return ok(f"{host} port {number} is free")


def _try_to_listen(host: str, number: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # As the server does: a port whose last connections are only just over is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, number))
        listener.listen()


def _taken(settings: Settings) -> Finding:
    host, number = settings.host.value, settings.port.value
    where = f"{host} port {number}"
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104 -- compared
    health = health_at(f"http://{shown}:{number}")
    if health is None:
        hint = "stop it, or choose another port with --port or PSYNAPSE_PORT; 0 takes a free one"
        return problem(f"{where} is taken by {_who(number)}", hint)
    ours = DataDirectory(settings.data_dir.value).owner()
    if ours and ours.boot_id == health["boot_id"]:
        return ok(f"psynapse serves on {where}, with this data directory")
    hint = "choose another port with --port or PSYNAPSE_PORT to run both"
    return warning(f"{where} is taken by a psynapse server with another data directory", hint)


def _who(number: int) -> str:
    holders = [f"process {pid} ({_name(pid)})" for pid in listeners(number)]
    return ", ".join(holders) or "another program, perhaps of another user"


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return "which has just ended"


def listeners(number: int) -> list[int]:
    """The processes of this user that listen on a TCP port (Linux; elsewhere none are found)."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(number)}
    return sorted({pid for pid, name in _open_files() if name in sockets}) if sockets else []


def _listening_inodes(number: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        with suppress(OSError):
            for line in table.read_text(encoding="utf-8").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTENING and fields[1].endswith(f":{number:04X}"):
                    yield fields[9]


def _open_files() -> Iterator[tuple[int, str]]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            for descriptor in (process / "fd").iterdir():
                with suppress(OSError):
                    yield int(process.name), str(descriptor.readlink())
