"""The secrets of a server, and what of them a run gets: those that its workflow names."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from psynapse.logs.redaction import hide
from psynapse.services.announcements import Announcements
from psynapse.storage.secrets import SecretEntry, SecretStore


class Secrets:
    """Kept by the store; their values go to runs and nowhere else."""

    def __init__(self, store: SecretStore, announcements: Announcements) -> None:
        self._store = store
        self._announcements = announcements

    async def list(self) -> Sequence[SecretEntry]:
        """All of them by name. Raises StorageUnavailable."""
        return await asyncio.to_thread(self._store.list)

    async def put(self, name: str, value: str) -> SecretEntry:
        """Keep a value. Raises UnusableSecret and StorageUnavailable."""
        hide(value)
        entry = await asyncio.to_thread(self._store.put, name, value)
        self._announcements.publish({"type": "secrets"})
        return entry

    async def delete(self, name: str) -> None:
        """Forget a secret. Raises UnknownSecret and StorageUnavailable."""
        await asyncio.to_thread(self._store.delete, name)
        self._announcements.publish({"type": "secrets"})

    async def environment(self, names: Collection[str], given: Mapping[str, str] | None) -> Mapping[str, str]:
        """The variables of a run: those secrets of ``names`` that are set, and those ``given``, which come first.

        Raises StorageUnavailable.
        """
        kept = await asyncio.to_thread(self._store.values, names) if names else {}
        for value in kept.values():
            hide(value)
        return {**kept, **(given or {})}
