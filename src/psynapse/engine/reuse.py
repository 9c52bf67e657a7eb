"""Which results of earlier runs a run can take instead of running."""

import os
import time
from collections.abc import Mapping

from psynapse.engine.cache import Cache
from psynapse.engine.entry import Entry
from psynapse.engine.fingerprint import fingerprint
from psynapse.model.catalog import Catalog
from psynapse.model.events import TaskStarted
from psynapse.model.ids import Ref
from psynapse.model.schema import NodeSchema
from psynapse.planning.keys import Key, full_key, make_keys
from psynapse.planning.plan import Plan, Task


class Reuse:
    """A run's view of the cache.

    Most keys are known before the run. Below a node whose results have no identity (it is never cached, or it reads a
    file that is only named during the run) a key is made when the inputs are there, from their content: a download that
    brings the same text again does not re-run what comes after it.
    """

    def __init__(self, cache: Cache, plan: Plan, catalog: Catalog) -> None:
        self._cache = cache
        self._plan = plan
        self._paths = _path_ports(plan, catalog)
        salts = {index: _file_salt(plan.tasks[index], names) for index, names in self._paths.items()}
        self.keys = make_keys(plan, catalog, salts=salts, previous=cache.past)
        self._late: dict[int, Key] = {}
        self._values: list[object] = []
        self._loaded: set[int] = set()
        self._began: dict[int, float] = {}

    def begin(self, values: list[object]) -> list[int]:
        """Put every result that is known already into ``values``; the tasks they belong to."""
        self._values = values
        found = self._cache.get_many(self.keys.full)
        if self._cache.disk:
            self._loaded.update(self._cache.get_from_disk(self.keys.full, found))
        for task, entry in found.items():
            values[task] = entry.value
        return list(found)

    def find(self, task: int) -> Entry | None:
        """The result of a task whose key could not be known before its inputs were."""
        if self.keys.full[task] is not None:
            return None
        key = self._late_key(task)
        found = self._cache.get_many((key,))
        if self._cache.disk and self._cache.get_from_disk((key,), found):
            self._loaded.add(task)
        return found.get(0)

    def why(self, task: int) -> TaskStarted:
        """The event that says that a task runs, and why it has to."""
        self._began[task] = time.perf_counter()
        return TaskStarted(self._cache.explain(self._plan, self.keys, task, self._key(task)))

    def why_reused(self, task: int) -> str:
        """Where the result that a task takes was kept."""
        return "from disk" if task in self._loaded else "from memory"

    def store(self, task: int, value: object, seconds: float) -> None:
        """Keep a result for later runs. Of what ran elsewhere nobody knows the seconds; then they are counted here."""
        began = self._began.pop(task, None)
        if key := self._key(task):
            self._cache.put(key, value, seconds or (time.perf_counter() - began if began else 0.0))

    def end(self) -> None:
        """The run is over: the next one is compared with it."""
        self._cache.remember(self._plan, self.keys)

    def _key(self, task: int) -> Key:
        return self.keys.full[task] or self._late.get(task)

    def _late_key(self, task: int) -> Key:
        plan_task = self._plan.tasks[task]
        salt = b"late"
        for name in self._paths.get(task, ()):
            stamp = _stamp(self._value_at(plan_task, name))
            if stamp is None:
                return None
            salt += stamp
        key = full_key(plan_task, self.keys.own[task], salt, self._identity)
        self._late[task] = key
        return key

    def _identity(self, source: int) -> Key:
        return self.keys.full[source] or self._late.get(source) or fingerprint(self._values[source])

    def _value_at(self, task: Task, port: str) -> object:
        for item in task.inputs:
            if item.port == port:
                value = self._values[item.source]
                return value.get(item.key) if item.key and isinstance(value, Mapping) else value
        return task.constants.get(port)


def _path_ports(plan: Plan, catalog: Catalog) -> dict[int, tuple[str, ...]]:
    """By task, the inputs that name files, where anything is given for them."""
    refs = {task.ref for task in plan.tasks}
    by_ref: dict[Ref | None, tuple[str, ...]] = {
        ref: names for ref in refs if ref and (names := _path_params(catalog[ref]))
    }
    found: dict[int, tuple[str, ...]] = {}
    if not by_ref:
        return found
    for index, task in enumerate(plan.tasks):
        given = {*task.constants, *(item.port for item in task.inputs)}
        names = tuple(name for name in by_ref.get(task.ref, ()) if name in given)
        if names:
            found[index] = names
    return found


def _path_params(schema: NodeSchema) -> tuple[str, ...]:
    return tuple(param.name for param in schema.params if _is_path(param.type.members))


def _is_path(members: tuple[object, ...]) -> bool:
    return any(
        getattr(member, "name", "").rpartition(".")[2] in {"Path", "PosixPath", "PurePath"} for member in members
    )


def _file_salt(task: Task, names: tuple[str, ...]) -> Key:
    """Size and time of the files that constants name; None when a file is only named during the run."""
    salt = b""
    for name in names:
        stamp = _stamp(task.constants[name]) if name in task.constants else None
        if stamp is None:
            return None
        salt += stamp
    return salt


def _stamp(path: object) -> Key:
    if path is None:
        return b"none"
    if not isinstance(path, (str, os.PathLike)):
        return None
    try:
        found = os.stat(path)  # noqa: PTH116 -- the value may be text or any path-like object
    except FileNotFoundError:
        return b"absent"
    except (OSError, ValueError):
        return None
    # A folder's time says nothing about the files in it.
    return None if found.st_mode & 0o040000 else f"{found.st_size}-{found.st_mtime_ns}".encode()
