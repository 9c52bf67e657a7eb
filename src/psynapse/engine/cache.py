"""Results of earlier runs, found again by key in memory and on disk, with a reason for every miss."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from psynapse.engine.disk_cache import DiskCache
from psynapse.engine.entry import Entry, make_entry
from psynapse.model.guarded import attempt
from psynapse.model.ids import NodeId
from psynapse.planning.keys import Key, Keys
from psynapse.planning.plan import Plan, Task

DEFAULT_BYTES: Final = 2 * 1024**3
_MOST_CHANGED: Final = 10_000


@dataclass(slots=True)
class Statistics:
    """What was asked of a cache so far, by key. ``missed`` counts what was ``changed`` since it was stored as well."""

    from_memory: int = 0
    from_disk: int = 0
    missed: int = 0
    changed: int = 0


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
    """A cache of values, least recently used out first when it holds more than ``limit`` bytes. Thread-safe.

    ``disk`` is where costly ones are kept as well, for other processes.
    """

    def __init__(self, limit: int = DEFAULT_BYTES, disk: DiskCache | None = None) -> None:
        self.limit = limit
        self.disk = disk
        self.size = 0
        self.statistics = Statistics()
        self._changed: dict[bytes, None] = {}
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
        """The entry in memory of that key, unless its value was changed by later code."""
        return self.get_many((key,)).get(0)

    def get_many(self, keys: Iterable[Key]) -> dict[int, Entry]:
        """The entries in memory that there are for ``keys``, by position."""
        found: dict[int, Entry] = {}
        missed = 0
        with self._lock:
            get, touch = self._entries.get, self._entries.move_to_end
            for position, key in enumerate(keys):
                if key is None:
                    continue
                if (entry := get(key)) is None:
                    missed += 1
                elif entry.guard is None or entry.intact:
                    touch(key)
                    found[position] = entry
                else:
                    missed += 1
                    self._note_change(key)
            self.statistics.from_memory += len(found)
            self.statistics.missed += missed
        return found

    def get_from_disk(self, keys: Sequence[Key], found: MutableMapping[int, Entry]) -> list[int]:
        """Add to ``found`` what is not in memory but on disk; the positions. It is in memory from then on."""
        missing = [position for position, key in enumerate(keys) if key and position not in found]
        if self.disk is None or not missing:
            return []
        loaded: list[int] = []
        for place in self.disk.holds([keys[position] for position in missing]):
            position = missing[place]
            key = keys[position]
            if key and (entry := self.disk.get(key)):
                self._keep(key, entry)
                found[position] = entry
                loaded.append(position)
        with self._lock:
            self.statistics.from_disk += len(loaded)
            self.statistics.missed -= len(loaded)
        return loaded

    def put(self, key: bytes, value: object, seconds: float) -> None:
        """Keep a value. What can be read only once, and what is larger than the whole cache, is not kept."""
        # Asking runs the value's own __getattr__.
        if attempt(True, hasattr, value, "__next__"):
            return
        entry = make_entry(value, seconds)
        self._keep(key, entry)
        if self.disk:
            self.disk.put(key, entry)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._changed.clear()
            self.size = 0
            self._past = None

    def remember(self, plan: Plan, keys: Keys) -> None:
        """Note what this run looks like, for the reasons of the next one."""
        self._past = _Past(plan, keys)

    def explain(self, plan: Plan, keys: Keys, task: int, key: Key = None) -> str:
        """Why a task has to run, in words for its user. ``key`` is the one it has now, where that is known."""
        if key and key in self._changed:
            return "its earlier result was changed after it was computed"
        reason = self._explain(plan, keys, task)
        refusal = self.disk.refusal(key) if key and self.disk else ""
        return f"{reason}; the result cannot be kept on disk: {refusal}" if refusal else reason

    def _explain(self, plan: Plan, keys: Keys, task: int) -> str:
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

    def _keep(self, key: bytes, entry: Entry) -> None:
        if entry.size > self.limit:
            return
        with self._lock:
            if key in self._entries:
                self._remove(key)
            self._changed.pop(key, None)
            self._entries[key] = entry
            self.size += entry.size
            while self.size > self.limit:
                self._remove(next(iter(self._entries)))

    def _note_change(self, key: bytes) -> None:
        """A value is not what was stored: it is a miss, and the next run is told why."""
        self._remove(key)
        self.statistics.changed += 1
        self._changed[key] = None
        if len(self._changed) > _MOST_CHANGED:
            del self._changed[next(iter(self._changed))]

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
