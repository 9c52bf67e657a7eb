"""Kills a server that changes node packages, the uv that it runs, or both, and looks at what the next server finds."""

import random
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from crash_server import Client, Event, Server, function, objects_in, serving
from generation_breaker import Kill, Report, kill_process, told, uvs_of
from generation_ruins import Ruin, State, base_files, look_at_base, look_at_files, state_of
from local_index import LocalIndex
from package_edits import PackageEdits, offer_packages, version_ref

from psynapse.environments.generation import Generation
from psynapse.environments.store import GenerationStore

COMMITTED: Final = frozenset({"project", "collect", "use", "end"})
"""What is told, or has come, only after the new state is the current one."""
_ENDING_SECONDS: Final = 10.0
# Between hearing of a step and killing: none, or somewhere within it.
_LATEST_SECONDS: Final = 0.05


class Change:
    """A change that was asked for over HTTP, and the answer once there is one."""

    def __init__(self, client: Client, edit: list[str]) -> None:
        self.answer: httpx.Response | None = None
        self._client = client
        self._thread = threading.Thread(target=self._ask, args=(edit,), daemon=True)
        self._thread.start()

    @property
    def going_on(self) -> bool:
        """Nobody has answered, and nobody has hung up."""
        return self._thread.is_alive()

    @property
    def said(self) -> dict[str, Any]:
        """The answer; empty when the server died before it."""
        return self.answer.json() if self.answer else {}

    def wait(self) -> None:
        """Wait for the answer or for the end of the server. Raises Ruin."""
        self._thread.join(60)
        if self.going_on:
            raise Ruin("a change gets no answer")

    def _ask(self, edit: list[str]) -> None:
        try:
            self.answer = request(self._client, edit)
        except httpx.TransportError:
            """The server was killed."""


def request(client: Client, edit: list[str]) -> httpx.Response:
    """Ask for an edit and wait for the answer."""
    match edit:
        case ["install", spec]:
            return client.http.post("/nodes", json={"package": spec})
        case ["update", spec]:
            return client.http.post("/nodes", json={"package": spec, "upgrade": True})
        case ["uninstall", name]:
            return client.http.delete(f"/nodes/{name}")
        case _:
            return client.http.post("/nodes/rollback", json={})


class ServerBreaker:
    """A server with folders of its own; whenever it was killed another one follows."""

    def __init__(self, root: Path, index: LocalIndex, seed: int) -> None:
        self.report = Report()
        self.store = GenerationStore(root / "scope" / "nodes")
        self._root = root
        self._environment = {**index.environment(), "UV_NO_CONFIG": "1", "DAYDREAM_SCOPE_DIR": str(root / "scope")}
        self._chance = random.Random(seed)
        # How long a change of each kind took; kills at random instants come within that.
        self._usual = {"install": 3.0, "update": 3.0, "uninstall": 2.0, "rollback": 0.1}
        self._edits = PackageEdits(self.store, self._chance, self._prepared)
        offer_packages(index, root / "source")
        (root / "nodepacks").mkdir()
        self.base = base_files()
        self._boot = ExitStack()
        self._server, self._client = self._started()

    def close(self) -> None:
        """End the last server. Raises Ruin when anything of it is left."""
        self._boot.close()
        _look_for_orphans(self._server)

    def kill(self, kill: Kill) -> None:
        """Kill during a change, start another server, and look at everything. Raises Ruin."""
        edit, new = self._edits.prepare(kill.kind)
        before, old = self.store.current(), state_of(self.store.current())
        began = time.monotonic()
        with self._told_steps() as steps:
            change = Change(self._client, edit)
            heard = self._wait(kill, change, steps)
            struck = self._strike(kill, change)
            change.wait()
        if change.answer and change.answer.is_success:
            self._usual[kill.kind] = min(self._usual[kill.kind], time.monotonic() - began)
        with told(kill, edit, change.said, self._server.said):
            if change.answer and kill.how == "uv":
                self._look_at_answer(change, old, new)
            self._next_server()
            self._note(kill, change, struck=struck)
            self._look(before, old, new, struck=struck)
            self._look_at_outcome(change, heard, old, new)

    # Servers

    def _started(self) -> tuple[Server, Client]:
        running = serving(self._root / "nodepacks", self._root / "data", env=self._environment)
        server = self._boot.enter_context(running)
        return server, self._boot.enter_context(server.client())

    def _next_server(self) -> None:
        """Kill this one, unless that was done, and start another. Raises Ruin when something of this one is left."""
        last = self._server
        last.process.kill()
        last.process.wait()
        self._boot.close()
        self._server, self._client = self._started()
        _look_for_orphans(last)

    def _prepared(self, *edit: str) -> None:
        answer = request(self._client, list(edit))
        if not answer.is_success:
            raise Ruin(f"a change that nobody killed did not succeed: {answer.text}")

    # Killing

    @contextmanager
    def _told_steps(self) -> Generator[Iterator[Event]]:
        """What is told of changes from now on, until the server ends."""
        with self._client.http.stream("GET", "/nodes/events") as stream:
            events = objects_in(stream.iter_lines())
            next(events)
            yield events

    def _wait(self, kill: Kill, change: Change, steps: Iterator[Event]) -> str:
        """Wait until it is time to kill; returns the step that was heard of."""
        if kill.at == "end":
            change.wait()
        elif kill.at:
            heard = next(step for step in steps if step["type"] == "end" or step["step"] == kill.at)
            time.sleep(self._chance.choice([0, self._chance.uniform(0, _LATEST_SECONDS)]))
            return heard.get("step", "end")
        else:
            time.sleep(self._chance.uniform(0, self._usual[kill.kind]))
        return kill.at

    def _strike(self, kill: Kill, change: Change) -> bool:
        """Kill; False when there was nothing to kill any more."""
        server = self._server.pid
        if kill.how == "server":
            return kill_process(server)
        uv = self._next_uv(change)
        if uv is None:
            return False
        doomed = [uv] if kill.how == "uv" else self._chance.sample([server, uv], 2)
        return sum(map(kill_process, doomed)) == len(doomed)

    def _next_uv(self, change: Change) -> int | None:
        """The uv that the server runs, now or later on; None when it runs none any more."""
        while change.going_on:
            for uv in uvs_of(self._server.pid):
                return uv
            time.sleep(0.001)
        return None

    def _note(self, kill: Kill, change: Change, *, struck: bool) -> None:
        self.report.too_late += not struck
        if struck:
            self.report.kills += 1
            # The answer of a server that lives on comes in any case.
            answered = change.answer is not None and kill.how != "uv"
            self.report.by_how[f"{kill.how} after the answer" if answered else kill.how] += 1
            self.report.recovered += "node packages: " in self._server.said

    # Looking

    def _look(self, before: Generation, old: State, new: State, *, struck: bool) -> None:
        current = self.store.current()
        state = state_of(current)
        if state not in (old, new):
            raise Ruin(f"{state} is current, which is neither {old} nor {new}")
        self.report.kept += struck and state == old
        self.report.changed += struck and state != old
        look_at_files(self.store, current)
        look_at_base(self.base)
        self._look_at_answers(current, state)
        if current.id == before.id and current != before:
            raise Ruin("the old generation is another one than it was")

    def _look_at_answers(self, current: Generation, state: State) -> None:
        """The server lists what is on the disk, and runs a node of every package."""
        listed = self._client.http.get("/nodes").json()
        shown = {node["name"]: (node["spec"], node["version"]) for node in listed["nodes"]}
        if shown != state or listed["failed"]:
            raise Ruin(f"the server lists {listed}, and {state} is there")
        number = self._client.http.get("/nodes/generations").json()["current"]
        if number != current.id:
            raise Ruin(f"the server is at generation {number}, and {current.id} is current")
        versions = {name: version for name, (_, version) in state.items()}
        if (ran := _run(self._client, list(versions))) != versions:
            raise Ruin(f"the nodes of {versions} said {ran}")

    def _look_at_answer(self, change: Change, old: State, new: State) -> None:
        """A server whose uv was killed lives on, with what it says in its answer."""
        assert change.answer
        current = self.store.current()
        if state_of(current) != (new if change.answer.is_success else old):
            raise Ruin("the server said something else of the change than what is there")
        self._look_at_answers(current, state_of(current))

    def _look_at_outcome(self, change: Change, heard: str, old: State, new: State) -> None:
        """A change that was said to be made is made, and one that was said to have failed is not."""
        state = state_of(self.store.current())
        failed = change.answer is not None and not change.answer.is_success
        made = change.answer is not None and change.answer.is_success
        if (made or heard in COMMITTED) and not failed and state != new:
            raise Ruin(f"a change that was at {heard or 'its end'} is not there")
        if failed and state != old:
            raise Ruin("a change was said to have failed, and is there")


def _run(client: Client, names: list[str]) -> dict[str, Any]:
    """The versions that nodes of these packages tell."""
    workflow: dict[str, Any] = {"nodes": [], "edges": []}
    for name in names:
        view = {"id": f"view {name}", "type": "viewNode", "data": {}}
        workflow["nodes"] += [{**function(name, "x"), "data": {"ref": version_ref(name)}}, view]
        workflow["edges"].append(
            {"source": name, "sourceHandle": "result", "target": view["id"], "targetHandle": "input"}
        )
    if not names:
        return {}
    answer = client.execute(workflow)
    if not answer.is_success:
        raise Ruin(f"a run did not succeed: {answer.text}")
    return {name: answer.json()["results"].get(f"view {name}") for name in names}


def _look_for_orphans(server: Server) -> None:
    """No process of a server that has ended is left. Raises Ruin."""
    ends = time.monotonic() + _ENDING_SECONDS
    while orphans := server.processes():
        if time.monotonic() > ends:
            raise Ruin(f"processes are left: {orphans}")
        time.sleep(0.01)
