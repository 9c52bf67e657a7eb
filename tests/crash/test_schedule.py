"""Everything at once and in any order: afterwards it is as if nothing had happened."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from crash_server import ENDS, Client, Server, link_packs, one, serving, wait_for
from stalls import polling

SECONDS = 15.0
CLIENTS = 5
PLACES = 16
EDITED = "edited"


class Disorder:
    """Clients that do whatever comes to their mind, and note what was not as it should have been."""

    def __init__(self, server: Server, packs: Path, folder: Path) -> None:
        self.version = 0
        self.wrong: list[str] = []
        self.done: dict[str, int] = {}
        self._server = server
        self._pack = packs / EDITED
        self._folder = folder
        self._editing = threading.Lock()
        self._pack.mkdir()
        self.edit(None, random.Random())

    def act(self, seed: int) -> None:
        """One client, until the time is over."""
        chance = random.Random(seed)
        acts: list[Callable[[Client, random.Random], None]] = [
            *(self.good, self.good, self.good, self.crash, self.crash, self.fail),
            *(self.hang, self.hang, self.kill, self.leave, self.edit, self.break_pack),
        ]
        ends = time.monotonic() + SECONDS
        with self._server.client() as client:
            while time.monotonic() < ends:
                act = chance.choice(acts)
                try:
                    act(client, chance)
                except AssertionError as error:
                    self.wrong.append(f"{act.__name__}: {error}")
                self.done[act.__name__] = self.done.get(act.__name__, 0) + 1

    def good(self, client: Client, chance: random.Random) -> None:
        env = {"SOMETHING": "of its own"} if chance.random() < 0.2 else {}
        number = chance.randrange(1_000_000)
        assert client.value(one("add", a=number, b=2), env_vars=env) == number + 2

    def crash(self, client: Client, chance: random.Random) -> None:
        name = chance.choice(["exit_at_once", "segfault", "abort", "close_its_sockets", "kill_its_group"])
        assert client.value(one(name)) is None

    def fail(self, client: Client, chance: random.Random) -> None:
        name = chance.choice(["fail", "leave", "recurse", "interrupt_itself"])
        assert client.value(one(name)) is None

    def hang(self, client: Client, chance: random.Random) -> None:
        name = chance.choice(["hang_in_python", "hang_in_c", "hang_in_lock", "hang_in_a_power", "write_for_ever"])
        run = client.start(one(name), workflow_id=chance.choice(["", "home"]))
        time.sleep(chance.random() / 4)
        client.cancel(run)
        assert client.ended(run)["status"] == "cancelled"

    def kill(self, client: Client, chance: random.Random) -> None:
        marker = self._folder / str(chance.random())
        run = client.start(one("touch_and_wait", path=str(marker)))
        begun = Path(f"{marker}.begun")
        wait_for(begun.exists)
        os.kill(int(begun.read_text()), signal.SIGKILL)
        assert client.ended(run)["status"] == "failed"

    def leave(self, client: Client, chance: random.Random) -> None:
        """A viewer looks in and goes; nobody waits for the end of the run."""
        run = client.start(one("nap", seconds=chance.random() / 2))
        client.begun(run)

    def edit(self, client: Client | None, chance: random.Random) -> None:
        del client, chance
        with self._editing:
            self.version += 1
            self._write(f"def version() -> int:\n    return {self.version}\n")

    def break_pack(self, client: Client, chance: random.Random) -> None:
        del client
        with self._editing:
            self._write(chance.choice(["def version(:\n", "import nothing\n", "raise ValueError\n"]))

    def _write(self, content: str) -> None:
        (self._pack / "ops.new").write_text(content)
        (self._pack / "ops.new").rename(self._pack / "ops.py")


def test_after_any_disorder_the_server_is_as_good_as_new(tmp_path: Path):
    seed = random.SystemRandom().randrange(1_000_000)
    packs = link_packs(tmp_path / "packs")
    with (
        serving(packs, tmp_path / "data") as server,
        polling(server.url, tmp_path / "polls") as stalls,
        server.client() as client,
    ):
        disorder = Disorder(server, packs, tmp_path)
        with stalls.watched():
            threads = [threading.Thread(target=disorder.act, args=(seed + number,)) for number in range(CLIENTS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert not disorder.wrong, "\n".join([f"seed {seed}", *disorder.wrong])
        assert disorder.done.keys() >= {"good", "crash", "hang", "kill", "edit"}
        disorder.edit(client, random.Random())
        assert_as_good_as_new(client, disorder.version)
        server.end()
        wait_for(lambda: not server.processes(), 5)
        assert "Traceback" not in server.said_in_all()


def assert_as_good_as_new(client: Client, version: int) -> None:
    def going() -> list[str]:
        runs = client.http.get("/runs", params={"limit": 1_000}).json()["runs"]
        return [run["id"] for run in runs if run["status"] not in ENDS]

    wait_for(lambda: not going())
    wait_for(lambda: client.execute(one(f"{EDITED}:version")).json().get("results") == {"View": version})
    client.is_right()
    naps = [client.start(one("nap", seconds=60.0)) for _ in range(PLACES)]
    wait_for(lambda: all(client.status(run) == "running" for run in naps))
    for run in naps:
        client.cancel(run)
    assert {client.ended(run)["status"] for run in naps} == {"cancelled"}
    client.is_right()
