"""Secrets by name: in the system's keyring where there is one that works, else in a file of the owner's alone.

Which there are, and since when, is always in the file: keyrings cannot list. Everything here blocks: call it in a
thread.
"""

import importlib
import json
import re
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol, cast

from psynapse.engine.private_files import make_private_folder
from psynapse.errors import PsynapseError
from psynapse.model.guarded import Raised, attempt, outcome
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.durable import write_durably

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_LONGEST: Final = 30_000


class UnusableSecret(PsynapseError):
    """A secret cannot have that name or value. The message never holds the value."""

    code = "unusable-secret"


class UnknownSecret(PsynapseError):
    """There is no secret of that name."""

    code = "unknown-secret"


@dataclass(frozen=True, slots=True)
class SecretEntry:
    """A secret as lists show it: without its value."""

    name: str
    updated_at: str


class Keyring(Protocol):
    """What is used of the ``keyring`` package. Its backends raise what they like."""

    def get_password(self, service: str, username: str) -> str | None: ...  # noqa: D102 -- theirs
    def set_password(self, service: str, username: str, password: str) -> None: ...  # noqa: D102
    def delete_password(self, service: str, username: str) -> None: ...  # noqa: D102


def system_keyring() -> Keyring | None:
    """The keyring of this system, or None where the package or a backend that can be used is missing."""
    return attempt(None, _usable_keyring)


class SecretStore:
    """The secrets in the file at ``path``, or, where there is one, in a ``keyring`` with the file as their list."""

    def __init__(self, path: Path, keyring: Keyring | None = None) -> None:
        self._path = path
        self._keyring = keyring
        self._service = f"psynapse {path.parent}"
        self._lock = threading.Lock()

    def list(self) -> Sequence[SecretEntry]:
        """All of them by name. Raises StorageUnavailable."""
        with self._lock:
            return [SecretEntry(name, str(kept.get("updated_at", ""))) for name, kept in sorted(self._load().items())]

    def put(self, name: str, value: str) -> SecretEntry:
        """Keep a value under ``name``, in place of the one before. Raises UnusableSecret and StorageUnavailable."""
        _check(name, value)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._lock:
            kept = self._load()
            in_keyring = self._keyring and not isinstance(
                outcome(self._keyring.set_password, self._service, name, value), Raised
            )
            self._save({**kept, name: {"updated_at": now} if in_keyring else {"updated_at": now, "value": value}})
        return SecretEntry(name, now)

    def delete(self, name: str) -> None:
        """Forget a secret. Raises UnknownSecret and StorageUnavailable."""
        with self._lock:
            kept = self._load()
            if name not in kept:
                raise UnknownSecret(f"there is no secret {name[:80]!r}", hint="GET /secrets lists those there are")
            if self._keyring:
                attempt(None, self._keyring.delete_password, self._service, name)
            self._save({other: fields for other, fields in kept.items() if other != name})

    def values(self, names: Collection[str]) -> dict[str, str]:
        """The values of those ``names`` there are. Raises StorageUnavailable."""
        with self._lock:
            kept = self._load()
            return dict(self._found(kept, names))

    def _found(self, kept: Mapping[str, Mapping[str, Json]], names: Collection[str]) -> Iterator[tuple[str, str]]:
        for name in names:
            if name not in kept:
                continue
            value = kept[name].get("value")
            if value is None and self._keyring:
                value = attempt(None, self._keyring.get_password, self._service, name)
            if isinstance(value, str):
                yield name, value

    def _load(self) -> dict[str, dict[str, Json]]:
        try:
            document = loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, json.JSONDecodeError) as error:
            raise self._unavailable(type(error).__name__) from error
        secrets = document.get("secrets") if isinstance(document, Mapping) else None
        if not isinstance(secrets, dict):
            raise self._unavailable("it is something else")
        return {name: dict(fields) for name, fields in secrets.items() if isinstance(fields, Mapping)}

    def _save(self, secrets: Mapping[str, Mapping[str, Json]]) -> None:
        try:
            make_private_folder(self._path.parent)
            write_durably(self._path, dumps({"version": 1, "secrets": secrets}), private=True)
        except OSError as error:
            raise self._unavailable(error.strerror or type(error).__name__) from error

    def _unavailable(self, reason: str) -> StorageUnavailable:
        message = f"the secrets in {self._path} cannot be used: {reason}"
        return StorageUnavailable(message, hint="make the file readable and writable, or delete it and set them again")


def _usable_keyring() -> Keyring | None:
    keyring = cast("Any", importlib.import_module("keyring"))
    # Backends that only refuse, or keep nothing, say so with a priority below 1.
    return cast("Keyring", keyring) if keyring.get_keyring().priority >= 1 else None


def _check(name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        hint = "use letters, digits and underscores, such as OPENAI_API_KEY"
        raise UnusableSecret(f"{name[:80]!r} is no name of an environment variable", hint=hint)
    if not value or "\0" in value or len(value.encode("utf-8", "replace")) > _LONGEST:
        message = f"the value of {name} is empty, too long, or no text"
        raise UnusableSecret(message, hint=f"give at most {_LONGEST:,} bytes of text")
