"""Kills changes of a store of generations and looks at what is left."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from change_process import Order
from generation_ruins import (
    Ruin,
    State,
    base_files,
    look_at_files,
    look_at_imports,
    look_for_orphans,
    state_of,
)
from local_index import LocalIndex
from package_edits import PackageEdits, offer_packages

from psynapse.environments.generation import Generation
from psynapse.environments.store import GenerationStore

_PATIENCE: Final = 60.0
# What the machine's user has told uv must not count here.
_PLAIN: Final = {
    **{name: value for name, value in os.environ.items() if not name.startswith("UV_")},
    "UV_NO_CONFIG": "1",
}


@dataclass(frozen=True, slots=True)
class Kill:
    """What is to be killed, and when: a change of this kind, ``how`` and where in it."""

    kind: str
    how: str
    at: str = ""
    number: int = 0

    def __str__(self) -> str:
        return f"{self.kind}, {self.how} {self.at} {self.number or ''}".rstrip()


@dataclass(slots=True)
class Report:
    """What came of many kills; what had ended before it could be killed is looked at as well, but is none."""

    kills: int = 0
    kept: int = 0
    changed: int = 0
    too_late: int = 0
    recovered: int = 0
    seconds: float = 0.0
    by_how: Counter[str] = field(default_factory=Counter[str])

    def __str__(self) -> str:
        kinds = ", ".join(f"{how} {count}" for how, count in sorted(self.by_how.items()))
        return (
            f"{self.kills} kills in {self.seconds:.0f} s ({kinds}): {self.kept} times the old state, {self.changed} "
            f"times the new one; {self.recovered} times there was something to mend; {self.too_late} more "
            "changes had ended before"
        )


class Breaker:
    """A store of generations, and the processes that change it and are killed."""

    def __init__(self, root: Path, index: LocalIndex, seed: int) -> None:
        self.folder = root / "nodes"
        self.report = Report()
        self.store = GenerationStore(self.folder)
        self._result = root / "result.json"
        self._mark = uuid.uuid4().hex
        self._chance = random.Random(seed)
        # How long a change of each kind took that came to its end; kills at random instants come within that.
        self._usual = {"install": 0.5, "update": 0.5, "uninstall": 0.3, "rollback": 0.02}
        self._edits = PackageEdits(self.store, self._chance, self._prepared)
        offer_packages(index, root / "source")
        self.base = base_files()
        self._parent = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "change_process.py"), str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**_PLAIN, **index.environment()},
        )

    def close(self) -> None:
        """End the process that forks the others."""
        assert self._parent.stdin
        self._parent.stdin.close()
        self._parent.wait(_PATIENCE)
        assert self._parent.stdout
        self._parent.stdout.close()

    # Orders

    def order(self, *edit: str) -> dict[str, object]:
        """What came of an edit that nobody kills; without words, of recovery."""
        with self._process({"edit": list(edit), "result": str(self._result), "mark": self._mark}):
            pass
        return json.loads(self._result.read_text(encoding="utf-8"))

    def _prepared(self, *edit: str) -> None:
        done = self.order(*edit)
        if "done" not in done:
            raise Ruin(f"a change that nobody killed did not succeed: {done}")

    @contextmanager
    def _process(self, order: Order) -> Generator[int]:
        """The number of a process that carries out an order, until the block and the process have ended."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._result.unlink(missing_ok=True)
        self._say(json.dumps(order))
        pid = int(self._parent.stdout.readline())
        try:
            yield pid
            _wait_for_end(pid)
        finally:
            self._say("")
            self._parent.stdout.readline()

    def _say(self, line: str) -> None:
        assert self._parent.stdin
        self._parent.stdin.write(f"{line}\n")
        self._parent.stdin.flush()

    # Killing

    def kill(self, kill: Kill) -> None:
        """Kill a change, have a new process recover, and look at everything. Raises Ruin."""
        edit, new = self._edits.prepare(kill.kind)
        before, old = self.store.current(), state_of(self.store.current())
        order: Order = {"edit": edit, "result": str(self._result), "mark": self._mark}
        if kill.how in {"step", "operation"}:
            order["at"] = kill.at
        if kill.how == "operation":
            order["operation"] = kill.number
        if kill.how == "message":
            order["message"] = kill.number
        began = time.monotonic()
        with self._process(order) as pid:
            struck = self._strike(kill, pid)
        ended = time.monotonic()
        said = json.loads(self._result.read_text(encoding="utf-8")) if self._result.exists() else {}
        recovery = self.order()
        # A uv that was killed may have been run again; a process that was killed says nothing.
        late = not struck if kill.how == "uv" else "done" in said
        self._note(kill, recovery, late=late)
        if "done" in said:
            self._usual[kill.kind] = min(self._usual[kill.kind], ended - began)
        with told(kill, edit, said, recovery):
            self._look(before, old, new, late=late)
            self._look_at_outcome(kill, said, old, new)

    def _strike(self, kill: Kill, pid: int) -> bool:
        """Kill from outside, where that is what is wanted; False when there was nothing to kill."""
        if kill.how == "instant":
            time.sleep(self._chance.uniform(0, self._usual[kill.kind]))
            kill_process(pid)
        elif kill.how in {"uv", "uv and change"}:
            child = next(islice(_uvs_in_turn(pid), kill.number - 1, None), None)
            if child is None:
                return False
            time.sleep(self._chance.uniform(0, 0.03))
            doomed = [child] if kill.how == "uv" else [pid, child] if self._chance.random() < 0.5 else [child, pid]
            return sum(kill_process(one) for one in doomed) == len(doomed)
        return True

    def _note(self, kill: Kill, recovery: Mapping[str, object], *, late: bool) -> None:
        self.report.too_late += late
        if not late:
            self.report.kills += 1
            self.report.by_how[kill.how] += 1
            self.report.recovered += bool(recovery["said"])

    # Looking

    def _look(self, before: Generation, old: State, new: State, *, late: bool) -> None:
        current = self.store.current()
        state = state_of(current)
        if state not in (old, new):
            raise Ruin(f"{state} is current, which is neither {old} nor {new}")
        self.report.kept += state == old and not late
        self.report.changed += state != old and not late
        look_at_files(self.store, current)
        look_at_imports(current, state)
        look_for_orphans(self._mark)
        if current.id == before.id and current != before:
            raise Ruin("the old generation is another one than it was")

    def _look_at_outcome(self, kill: Kill, said: Mapping[str, object], old: State, new: State) -> None:
        """A change that was said to be made is made, and one that was killed before its commit point is not."""
        state = state_of(self.store.current())
        if "done" in said and state != new:
            raise Ruin("a change was said to be made, and is not there")
        if "failed" in said and state != old:
            raise Ruin("a change was said to have failed, and is there")
        late = kill.how == "step" and kill.at in {"project", "collect", "end"}
        early = kill.how in {"step", "operation"} and kill.at in {"resolve", "build", "probe"} and "done" not in said
        if (late and state != new) or (kill.how == "step" and early and state != old):
            raise Ruin(f"killed {kill.how} {kill.at}, but {state} is there")


def _wait_for_end(pid: int) -> None:
    watch = os.pidfd_open(pid)
    try:
        if not select.select([watch], [], [], _PATIENCE)[0]:
            kill_process(pid)
            raise Ruin("a change does not end")
    finally:
        os.close(watch)


def kill_process(pid: int) -> bool:
    """Kill a process; False when there is none."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def _uvs_in_turn(pid: int) -> Iterator[int]:
    """The uvs that a process runs, each as soon as it does, until it ends."""
    watch = os.pidfd_open(pid)
    seen: set[int] = set()
    try:
        while not select.select([watch], [], [], 0.001)[0]:
            fresh = [child for child in uvs_of(pid) if child not in seen]
            seen.update(fresh)
            yield from fresh
    finally:
        os.close(watch)


def uvs_of(pid: int) -> Iterator[int]:
    """The uvs that a process runs now."""
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            with suppress(OSError):
                if Path(f"/proc/{child}/comm").read_text(encoding="ascii").strip() == "uv":
                    yield int(child)


@contextmanager
def told(kill: Kill, edit: list[str], said: object, recovery: object) -> Generator[None]:
    """What is found broken in the block is told with what was killed."""
    try:
        yield
    except Ruin as ruin:
        raise Ruin(f"{ruin}\n{kill} of {edit}: it said {said}, recovery {recovery}") from ruin
