"""Many runs at once: everybody gets a turn, in order, and knows when; nobody else notices."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from crash_server import ENDS, Client, Server, link_packs, one, serving, wait_for
from stalls import Stalls, polling

SLEEPING = 40
BURNING = 2


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(link_packs(tmp_path / "packs"), tmp_path / "data") as started:
        yield started


@pytest.fixture
def stalls(server: Server, tmp_path: Path) -> Iterator[Stalls]:
    with polling(server.url, tmp_path / "polls") as found:
        yield found


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as opened:
        yield opened


def positions(client: Client, runs: list[str]) -> list[int]:
    """Where each of the runs waits; 0 for those that do not."""
    infos = {info["id"]: info for info in client.http.get("/runs", params={"limit": 200}).json()["runs"]}
    assert all((infos[run]["queue_position"] > 0) <= (infos[run]["status"] == "queued") for run in runs)
    return [infos[run]["queue_position"] for run in runs]


def test_two_that_burn_and_forty_that_sleep_keep_nobody_waiting_who_need_not(client: Client, stalls: Stalls):
    with stalls.watched():
        burning = [client.start(one("burn", seconds=3.0)) for _ in range(BURNING)]
        sleeping = [client.start(one("nap", seconds=1.0)) for _ in range(SLEEPING)]
        seen = [positions(client, sleeping)]
        while any(client.status(run) not in ENDS for run in (*burning, *sleeping)):
            seen.append(positions(client, sleeping))
        assert {client.status(run) for run in (*burning, *sleeping)} == {"succeeded"}
    assert max(seen[0]) >= SLEEPING // 2
    for found in seen:
        waiting = [position for position in found if position]
        # The first numbers may be those of runs whose workers are about to start.
        assert waiting == list(range(waiting[0], waiting[0] + len(waiting))) if waiting else True, "no gaps"
        assert not any(found[: len(found) - len(waiting)])
    for before, after in pairwise(seen):
        assert all(later <= earlier for earlier, later in zip(before, after, strict=True)), "they only fall"


def test_who_is_cancelled_while_waiting_lets_the_others_move_up(client: Client):
    first = [client.start(one("nap", seconds=60.0)) for _ in range(16)]
    wait_for(lambda: all(client.status(run) == "running" for run in first))
    waiting = [client.start(one("add", a=number)) for number in range(6)]
    wait_for(lambda: positions(client, waiting) == [1, 2, 3, 4, 5, 6])
    client.cancel(waiting[2])
    assert client.ended(waiting[2])["status"] == "cancelled"
    rest = [run for run in waiting if run != waiting[2]]
    wait_for(lambda: positions(client, rest) == [1, 2, 3, 4, 5])
    for run in first:
        client.cancel(run)
    assert [client.ended(run)["status"] for run in rest] == ["succeeded"] * 5
    client.is_right()
