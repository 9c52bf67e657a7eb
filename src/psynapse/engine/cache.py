"""Results of earlier runs, found again by key, with a reason for every miss."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from psynapse.engine.fingerprint import fingerprint
from psynapse.engine.sizes import size_of
from psynapse.model.ids import NodeId
from psynapse.planning.keys import Key, Keys
from psynapse.planning.plan import Plan, Task

DEFAULT_BYTES: Final = 2 * 1024**3
_GUARDED: Final = (list, dict, set, bytearray)
_LARGEST_GUARDED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A cached value. ``guard`` is the fingerprint of a container that other code could have changed since."""

    value: object
    size: int
    seconds: float
    guard: Key

    @property
    def intact(self) -> bool:
        """False when the value was changed after it was stored."""
        return self.guard is None or fingerprint(self.value) == self.guard


@dataclass(frozen=True)
class _Past:
    """What the last run of a workflow looked like, to say what is different now."""

    plan: Plan
    keys: Keys

    @cached_property
    def index(self) -> dict[NodeId, int]:
        """Where each node was in the order: wanted only when something has to run again."""
        return self.plan.index()


class Cache:
    """A cache of values, least recently used out first when it holds more than ``limit`` bytes. Thread-safe."""

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[bytes, Entry] = OrderedDict()
        self._past: _Past | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def past(self) -> tuple[Plan, Keys] | None:
        """The plan and keys of the last run, so that the next one digests only what is new."""
        return (self._past.plan, self._past.keys) if self._past else None

    def get(self, key: bytes) -> Entry | None:
        """The entry of that key, unless its value was changed by later code."""
        return self.get_many((key,)).get(0)

    def get_many(self, keys: Iterable[Key]) -> dict[int, Entry]:
        """The entries there are for ``keys``, by position."""
        found: dict[int, Entry] = {}
        with self._lock:
            get, touch = self._entries.get, self._entries.move_to_end
            for position, key in enumerate(keys):
                if key is None or (entry := get(key)) is None:
                    continue
                if entry.guard is None or entry.intact:
                    touch(key)
                    found[position] = entry
                else:
                    self._remove(key)
        return found

    def put(self, key: bytes, value: object, seconds: float) -> None:
        """Keep a value. What can be read only once, and what is larger than the whole cache, is not kept."""
        if hasattr(value, "__next__"):
            return
        size = size_of(value)
        if size > self.limit:
            return
        guarded = isinstance(value, _GUARDED) and size <= _LARGEST_GUARDED
        entry = Entry(value, size, seconds, fingerprint(value) if guarded else None)
        with self._lock:
            if key in self._entries:
                self._remove(key)
            self._entries[key] = entry
            self.size += size
            while self.size > self.limit:
                self._remove(next(iter(self._entries)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.size = 0
            self._past = None

    def remember(self, plan: Plan, keys: Keys) -> None:
        """Note what this run looks like, for the reasons of the next one."""
        self._past = _Past(plan, keys)

    def explain(self, plan: Plan, keys: Keys, task: int) -> str:
        """Why a task has to run, in words for its user."""
        now = plan.tasks[task]
        if self._past is None or now.node not in self._past.index:
            return "it has not run before"
        then_index = self._past.index[now.node]
        then = self._past.plan.tasks[then_index]
        if keys.own[task] is None:
            return "its results are never reused"
        return self._difference(now, then, (plan, keys), task, then_index)

    def _difference(self, now: Task, then: Task, current: tuple[Plan, Keys], task: int, then_index: int) -> str:
        assert self._past is not None
        if now.ref != then.ref:
            return "it runs another function"
        changed = _changed_constants(now, then)
        if changed:
            return f"changed: {', '.join(changed)}"
        if current[1].own[task] != self._past.keys.own[then_index]:
            return "its code changed"
        source = _changed_input(current, (self._past.plan, self._past.keys), task, then_index)
        if source:
            return source
        return "its earlier result is no longer there"

    def _remove(self, key: bytes) -> None:
        self.size -= self._entries.pop(key).size


def _changed_constants(now: Task, then: Task) -> Sequence[str]:
    names = dict.fromkeys([*now.constants, *then.constants])
    absent = object()
    return [name for name in names if now.constants.get(name, absent) != then.constants.get(name, absent)]


def _changed_input(now: tuple[Plan, Keys], then: tuple[Plan, Keys], task: int, then_index: int) -> str:
    earlier = {item.port: item for item in then[0].tasks[then_index].inputs}
    for item in now[0].tasks[task].inputs:
        before = earlier.pop(item.port, None)
        if before is None or before.key != item.key:
            return f"{item.port} is connected differently"
        if now[1].full[item.source] is None or now[1].full[item.source] != then[1].full[before.source]:
            return f"{now[0].tasks[item.source].name} gives {item.port} anew"
    return f"{next(iter(earlier))} is no longer connected" if earlier else ""
