"""Secrets of a server go to runs and nowhere else."""

import asyncio
from pathlib import Path

from psynapse.logs.redaction import redacted
from psynapse.services.announcements import Announcements
from psynapse.services.secrets import Secrets
from psynapse.storage.secrets import SecretStore


def test_no_log_says_a_secret_that_is_set_or_given_to_a_run(tmp_path: Path):
    store = SecretStore(tmp_path / "secrets.json")
    secrets = Secrets(store, Announcements())

    async def use() -> None:
        await secrets.put("NEW", "one-that-is-set-now")
        store.put("OLD", "one-of-an-earlier-day")
        assert redacted("one-of-an-earlier-day") == "one-of-an-earlier-day"
        assert (await secrets.environment(["OLD"], None)) == {"OLD": "one-of-an-earlier-day"}

    asyncio.run(use())
    assert redacted("one-that-is-set-now, one-of-an-earlier-day") == "[redacted], [redacted]"
