"""What can be set from outside, and where each value came from.

Precedence: command line, then environment, then the default. One frozen object; nothing reads ``os.environ`` elsewhere.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, Literal, TypeVar

from psynapse.errors import SettingError

Source = Literal["cli", "env", "default"]
Value = TypeVar("Value")

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8000
DEFAULT_RUN_LOG_DAYS: Final = 30
DEFAULT_RUN_LOG_MB: Final = 2048
DEFAULT_WORKER_MEMORY_MB: Final = 0
_ORIGIN: Final = re.compile(r"https?://[^/?#@\s,*]+")
_NO: Final = frozenset({"", "0", "false", "no", "off"})
_HOST_NAME: Final = re.compile(r"[0-9a-z._-]+|[0-9a-f:.]+")


@dataclass(frozen=True, slots=True)
class Setting(Generic[Value]):
    """A value and who set it."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    ``nodepacks_dir``: the user's own nodepacks, beside the shipped ones (``NODEPACKS_DIR``).
    ``data_dir``: what outlives the server (``PSYNAPSE_DATA_DIR``, else ``~/.psynapse``); need not exist.
    ``workflows_dir``: the folder of workflow files (``PSYNAPSE_WORKFLOWS_DIR``, else in the data directory).
    ``nodes_dir``: the node packages (``nodes`` in ``DAYDREAM_SCOPE_DIR``, else ``~/.daydream-scope``); need not exist.
    ``host`` and ``port``: where the server listens (``PSYNAPSE_HOST``, ``PSYNAPSE_PORT``); port 0 takes a free one.
    ``cors_origins``: other origins whose pages may use the server, in lower case (``CORS_ORIGINS``).
    ``allowed_hosts``: names, beside the loopback ones, under which it may be reached (``PSYNAPSE_ALLOWED_HOSTS``).
    ``run_log_days`` and ``run_log_bytes``: how long finished runs are kept, and how much of them (both at least until
    they end; ``PSYNAPSE_RUN_LOG_DAYS``, ``PSYNAPSE_RUN_LOG_MB``).
    ``worker_memory_bytes``: how much data a worker may hold, its nodes in it; 0 for any amount
    (``PSYNAPSE_WORKER_MEMORY_MB``).
    ``managed``: whether a supervisor starts this process again when it exits with 42 (``DAYDREAM_SCOPE_MANAGED``).
    ``token``: what a client has to know unless it is plainly local (``PSYNAPSE_TOKEN``); empty: one is made if needed.
    ``log_file``: where a supervisor writes what the server says; the next one shows it (``PSYNAPSE_LOG_FILE``).
    """

    nodepacks_dir: Setting[Path]
    data_dir: Setting[Path]
    workflows_dir: Setting[Path]
    nodes_dir: Setting[Path]
    host: Setting[str]
    port: Setting[int]
    cors_origins: Setting[frozenset[str]]
    allowed_hosts: Setting[frozenset[str]]
    run_log_days: Setting[float]
    run_log_bytes: Setting[int]
    worker_memory_bytes: Setting[int]
    managed: Setting[bool]
    token: Setting[str] = field(repr=False)
    log_file: Setting[Path | None]


def read_settings(
    *,
    nodepacks_dir: Path | None = None,
    data_dir: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Resolve every setting. Arguments are what the command line gave.

    Raises SettingError when a folder that was named explicitly does not exist, or a value makes no sense.
    """
    environ = os.environ if environ is None else environ
    data = _data_dir(data_dir, environ.get("PSYNAPSE_DATA_DIR"))
    return Settings(
        nodepacks_dir=_nodepacks_dir(nodepacks_dir, environ.get("NODEPACKS_DIR")),
        data_dir=data,
        workflows_dir=_workflows_dir(environ.get("PSYNAPSE_WORKFLOWS_DIR"), data.value),
        nodes_dir=_nodes_dir(environ.get("DAYDREAM_SCOPE_DIR")),
        host=_host(host, environ.get("PSYNAPSE_HOST")),
        port=_port(port, environ.get("PSYNAPSE_PORT")),
        cors_origins=_listed(environ, "CORS_ORIGINS", _origin),
        allowed_hosts=_listed(environ, "PSYNAPSE_ALLOWED_HOSTS", _host_name),
        run_log_days=_amount(environ, "PSYNAPSE_RUN_LOG_DAYS", DEFAULT_RUN_LOG_DAYS),
        run_log_bytes=_bytes(environ, "PSYNAPSE_RUN_LOG_MB", DEFAULT_RUN_LOG_MB),
        worker_memory_bytes=_bytes(environ, "PSYNAPSE_WORKER_MEMORY_MB", DEFAULT_WORKER_MEMORY_MB),
        managed=_managed(environ.get("DAYDREAM_SCOPE_MANAGED")),
        token=_token(environ.get("PSYNAPSE_TOKEN")),
        log_file=_log_file(environ.get("PSYNAPSE_LOG_FILE")),
    )


def is_loopback(host: str) -> bool:
    """True for ``localhost`` and names under it, and for addresses of this machine's loopback interface."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _nodepacks_dir(from_cli: Path | None, from_env: str | None) -> Setting[Path]:
    if from_cli is not None:
        return Setting(_existing(from_cli, "--nodepacks-dir"), "cli")
    if from_env:
        return Setting(_existing(Path(from_env), "NODEPACKS_DIR"), "env")
    return Setting(Path("nodepacks").absolute(), "default")


def _existing(folder: Path, name: str) -> Path:
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise SettingError(f"{name} names {folder}, which {what}", hint="name a folder that holds nodepacks")
    return folder.absolute()


def _data_dir(from_cli: Path | None, from_env: str | None) -> Setting[Path]:
    if from_cli is not None:
        return Setting(from_cli.absolute(), "cli")
    if from_env:
        return Setting(Path(from_env).absolute(), "env")
    return Setting(Path("~/.psynapse").expanduser(), "default")


def _workflows_dir(from_env: str | None, data_dir: Path) -> Setting[Path]:
    if not from_env:
        return Setting(data_dir / "workflows", "default")
    folder = Path(from_env).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        message = f"PSYNAPSE_WORKFLOWS_DIR names {folder}, which is not a folder"
        raise SettingError(message, hint="name a folder for workflow files; it is made if it is not there")
    return Setting(folder, "env")


def _nodes_dir(from_env: str | None) -> Setting[Path]:
    if not from_env:
        return Setting(Path("~/.daydream-scope/nodes").expanduser(), "default")
    folder = Path(from_env).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        message = f"DAYDREAM_SCOPE_DIR names {folder}, which is not a folder"
        raise SettingError(message, hint="name a folder for node packages; it is made if it is not there")
    return Setting(folder / "nodes", "env")


def _managed(from_env: str | None) -> Setting[bool]:
    if from_env is None:
        return Setting(False, "default")
    return Setting(from_env.strip().lower() not in _NO, "env")


def _log_file(from_env: str | None) -> Setting[Path | None]:
    return Setting(Path(from_env).expanduser().absolute(), "env") if from_env else Setting(None, "default")


def _host(from_cli: str | None, from_env: str | None) -> Setting[str]:
    if from_cli is not None:
        return Setting(_checked_host(from_cli, "--host"), "cli")
    if from_env:
        return Setting(_checked_host(from_env, "PSYNAPSE_HOST"), "env")
    return Setting(DEFAULT_HOST, "default")


def _checked_host(text: str, name: str) -> str:
    host = text.strip().lower().removeprefix("[").removesuffix("]")
    if not _HOST_NAME.fullmatch(host):
        hint = "write an address such as 127.0.0.1, or a name; the port is set apart"
        raise SettingError(f"{name} is {text!r}, which is no address to listen on", hint=hint)
    return host


def _port(from_cli: int | None, from_env: str | None) -> Setting[int]:
    if from_cli is not None:
        return Setting(_checked_port(str(from_cli), "--port"), "cli")
    if from_env:
        return Setting(_checked_port(from_env, "PSYNAPSE_PORT"), "env")
    return Setting(DEFAULT_PORT, "default")


def _checked_port(text: str, name: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:  # noqa: PLR2004 -- the highest port there is
        raise SettingError(f"{name} is {text!r}, which is no port", hint="a port is a number from 0 to 65535")
    return int(text)


def _amount(environ: Mapping[str, str], name: str, default: float) -> Setting[float]:
    text = environ.get(name)
    if not text:
        return Setting(default, "default")
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text):
        raise SettingError(f"{name} is {text!r}, which is no amount", hint=f"write a number such as {default:g}")
    return Setting(float(text), "env")


def _bytes(environ: Mapping[str, str], name: str, default: float) -> Setting[int]:
    megabytes = _amount(environ, name, default)
    return Setting(int(megabytes.value * (1 << 20)), megabytes.source)


def _token(from_env: str | None) -> Setting[str]:
    if not from_env:
        return Setting("", "default")
    if not re.fullmatch(r"[!-~]+", from_env) or set(from_env) & set('";,\\'):
        # The value itself stays out of the message: it may be the secret with a slip of the keyboard.
        hint = "use letters, digits and the characters - _ . ~"
        raise SettingError("PSYNAPSE_TOKEN has characters that cannot travel in a header", hint=hint)
    return Setting(from_env, "env")


def _listed(environ: Mapping[str, str], name: str, pattern: "_Pattern") -> Setting[frozenset[str]]:
    text = environ.get(name)
    if not text:
        return Setting(frozenset(), "default")
    items = (item.strip().lower() for item in text.split(","))
    return Setting(frozenset(_matching(item, name, pattern) for item in items if item), "env")


@dataclass(frozen=True, slots=True)
class _Pattern:
    regex: re.Pattern[str]
    what: str
    hint: str


_origin = _Pattern(
    _ORIGIN, "no origin", "write each as its pages see it, such as https://example.org:8443; a wildcard is not possible"
)
_host_name = _Pattern(
    _HOST_NAME, "no host name", "write names without scheme and port, such as example.org; a wildcard is not possible"
)


def _matching(item: str, name: str, pattern: _Pattern) -> str:
    cleaned = item.rstrip("/") if pattern is _origin else item.removeprefix("[").removesuffix("]")
    if not pattern.regex.fullmatch(cleaned):
        raise SettingError(f"{name} has {item!r}, which is {pattern.what}", hint=pattern.hint)
    return cleaned
