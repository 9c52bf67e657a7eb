"""``kill -9`` at any instant: what was said to be stored is stored, without gaps, and what was going on is lost."""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from logged_runs import start_python, with_log

from psynapse.storage.run_log import RunLog

KILLS = 8

WRITER = """
import asyncio, itertools, random, sys
from pathlib import Path
from psynapse.storage.run_log import RunLog

async def main(path, boot, seed):
    chance = random.Random(seed)
    log = RunLog(path)
    say = lambda *words: print(*words, flush=True)
    say("open", *await log.mark_lost(boot))
    for number in itertools.count():
        run, seq = f"{boot}-{number}", 0
        await log.begin(run, boot, started_at=float(number), workflow_digest="", plan_json=b"{}", node_count=1)
        say("begun", run)
        for _ in range(chance.randrange(30)):
            size = chance.randrange(1, 60)
            batch = [f"{run} {seq + n} ".encode() + b"x" * chance.randrange(1000) for n in range(size)]
            await log.append(run, seq, batch)
            seq += len(batch)
            say("stored", run, seq - 1)
        await log.finish(run, "succeeded", 1.0)
        say("finished", run)
        if number % 5 == 4:
            await log.prune(1e9, 2_000_000)

asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
"""


def killed_writer(path: Path, boot: str, seed: int) -> list[list[str]]:
    """What a writing process said before it was killed, line by line, without a line cut short."""
    child = start_python(WRITER, path, boot, seed)
    with child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(random.Random(seed).uniform(0, 0.4))
        child.kill()
        said = first + child.stdout.read()
    assert child.returncode == -9
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


def test_whatever_instant_the_server_is_killed_at_the_log_is_whole(path: Path):
    stored_in_all = 0
    going: list[str] = []
    for kill in range(KILLS):
        said = killed_writer(path, f"boot{kill}", seed=kill)
        assert said[0][0] == "open"
        assert sorted(said[0][1:]) == going
        check_events(path, said)
        going = unfinished(path)
        # What the killed process had not yet said may have been stored.
        assert len(going) <= 1
        stored_in_all += sum(words[0] == "stored" for words in said)
    assert stored_in_all > KILLS
    assert with_log(path, lambda log: log.mark_lost("last")) == tuple(going)
    assert unfinished(path) == []
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


def unfinished(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return [run for (run,) in connection.execute("SELECT run_id FROM runs WHERE status = 'running'")]


def check_events(path: Path, said: list[list[str]]) -> None:
    last = {words[1]: int(words[2]) for words in said if words[0] == "stored"}
    finished = {words[1] for words in said if words[0] == "finished"}
    newest = [words[1] for words in said if words[0] == "begun"][-1:]

    async def check(log: RunLog) -> None:
        records = {record.run_id: record for record in await log.list(9_999)}
        # Older ones may have been pruned; the limit leaves room for one run of the largest size.
        assert set(newest) <= records.keys()
        for run_id in records.keys() & {words[1] for words in said[1:]}:
            events = await log.read(run_id, -1, 99_999)
            assert [body.split()[:2] for _, body in events] == [
                [run_id.encode(), b"%d" % n] for n in range(len(events))
            ]
            assert [seq for seq, _ in events] == list(range(len(events)))
            assert len(events) > last.get(run_id, -1)
            assert (records[run_id].status == "succeeded") >= (run_id in finished)

    with_log(path, check)
