"""Files that cannot be used are set aside once, and never stop the log from beginning anew."""

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib import resources
from pathlib import Path

import pytest
from logged_runs import add_run, begin, opened, with_log

from psynapse.storage.database import StorageUnavailable
from psynapse.storage.opening import connect, migrations
from psynapse.storage.run_log import RunLog

EVENTS = [b"x" * 3_000] * 200


def an_old_log(path: Path) -> None:
    with_log(path, lambda log: add_run(log, "old", EVENTS))


def overwrite(path: Path, at: int, size: int) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + size] = b"\xa5" * len(content[at : at + size])
    path.write_bytes(content)


def garbage(path: Path) -> None:
    path.write_bytes(b"This is not a database. " * 1_000)


def damaged_beginning(path: Path) -> None:
    an_old_log(path)
    overwrite(path, 0, 8_192)


def damaged_schema(path: Path) -> None:
    an_old_log(path)
    overwrite(path, 100, 300)


def cut_off(path: Path) -> None:
    an_old_log(path)
    path.write_bytes(path.read_bytes()[:9_000])


def newer(path: Path) -> None:
    an_old_log(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(migrations()) + 1}")


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (something TEXT)")


def damaged_after_a_crash(path: Path) -> None:
    """Pages in the middle are gone, and the log was not closed: nothing but a check of all pages notices."""
    source = path.with_name("source.sqlite3")

    async def use() -> None:
        async with opened(source) as log:
            await add_run(log, "old", EVENTS)
            await log._thread.call(log._database.close)
            await add_run(log, "newer", [b"a"])
            shutil.copy(source, path)
            shutil.copy(f"{source}-wal", f"{path}-wal")

    asyncio.run(use())
    source.unlink()
    overwrite(path, 40_960, 100_000)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (garbage, "is damaged"),
        (damaged_beginning, "is damaged"),
        (damaged_schema, "is damaged"),
        (damaged_after_a_crash, "is damaged"),
        (cut_off, "is damaged"),
        (newer, "newer version"),
        (foreign, "something else"),
    ],
)
def test_an_unusable_file_is_set_aside_and_a_new_one_begun(
    path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None], reason: str
):
    spoil(path)
    spoilt, unclean = path.read_bytes(), path.with_name(f"{path.name}-wal").exists()
    for attempt in range(3):

        async def use(log: RunLog, attempt: int = attempt) -> None:
            if not attempt and not await log_is_fresh(log):
                assert await begin(log, "noticed") is not None
            await add_run(log, f"run{attempt}", [b"a"])
            assert len(log.set_aside) == (0 if attempt else 1)

        with caplog.at_level(logging.WARNING):
            with_log(path, use)
    (aside,) = path.parent.glob("*.aside-*[0-9Z]")
    # Looking at what was not closed writes its log back into it.
    assert unclean or aside.read_bytes() == spoilt
    (warning,) = caplog.messages
    assert reason in warning
    assert aside.name in warning
    assert with_log(path, lambda log: log.list(9))[-1].run_id == "run0"


async def log_is_fresh(log: RunLog) -> bool:
    try:
        return await log.list(9) == ()
    except StorageUnavailable:
        return True


def test_damage_met_while_running_costs_that_run_only(path: Path):
    an_old_log(path)
    overwrite(path, 40_960, 100_000)

    async def use(log: RunLog) -> None:
        assert await begin(log, "going") is None
        with pytest.raises(StorageUnavailable, match="malformed"):
            await log.read("old", -1, 999)
        assert len(log.set_aside) == 1
        unlogged = await log.append("going", 0, [b"a"])
        assert unlogged is not None
        assert "no run going" in unlogged.reason
        await log.finish("going", "succeeded", 1.0)
        await add_run(log, "next", [b"a"])
        assert [record.run_id for record in await log.list(9)] == ["next"]

    with_log(path, use)


def test_files_set_aside_within_a_second_do_not_replace_each_other(path: Path):
    for content in (b"one " * 1_000, b"two " * 1_000, b"three " * 1_000):
        path.write_bytes(content)
        with_log(path, lambda log: add_run(log, "run", [b"a"]))
    assert len(list(path.parent.glob("*.aside-*"))) == 3


def test_an_empty_file_becomes_a_log(path: Path):
    path.touch()
    with_log(path, lambda log: add_run(log, "run", [b"a"]))
    assert list(path.parent.glob("*.aside-*")) == []


def test_the_file_is_opened_in_the_modes_that_survive_a_crash(path: Path):
    with closing(connect(path)) as connection:
        modes = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "auto_vacuum", "busy_timeout", "user_version")
        }
    assert modes == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "auto_vacuum": 2,
        "busy_timeout": 5_000,
        "user_version": len(migrations()),
    }


def test_migrations_are_numbered_through():
    folder = resources.files("psynapse.storage").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir())
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(migrations()) + 1)]


@pytest.mark.parametrize("version", range(1, len(migrations())))
def test_the_log_of_an_older_version_is_taken_over_with_what_is_in_it(path: Path, version: int):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("".join(migrations()[:version]) + f"PRAGMA user_version = {version};")
        connection.execute(
            "INSERT INTO runs VALUES (1, 'old', 'boot', 1000.0, 'digest', 3, 'succeeded', 2.5, '', 0)",
        )
        connection.execute("INSERT INTO events VALUES (1, 0, 2, x'5b5d')")
        connection.commit()

    async def read(log: RunLog) -> object:
        return [record.run_id for record in await log.list(10)], await log.read("old", -1, 10)

    assert with_log(path, read) == (["old"], [(0, b"[]")])
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(migrations()),)
    assert list(path.parent.glob("*.aside-*")) == []


def test_a_migration_that_fails_leaves_the_version_before(path: Path):
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")
        before = connection.execute("SELECT sql FROM sqlite_master").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        connect(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)
        assert connection.execute("SELECT sql FROM sqlite_master").fetchall() == before
