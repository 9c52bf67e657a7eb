"""Cache keys: what a task's result depends on, as 16 bytes.

A Merkle hash (R. C. Merkle, 1979): kind, code, constants, and for each input the key of where it comes from. Node ids
are not in it, so renaming changes nothing, and changing one node changes exactly what depends on it.
"""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import orjson

from psynapse.model.catalog import Catalog
from psynapse.model.ids import Json
from psynapse.planning.plan import Plan, Task

Key = bytes | None
"""None: the result has no identity and is never reused."""

KEY_SIZE: Final = 16
# Dates and dataclasses are not JSON, though orjson would write them.
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a plan's tasks. ``own`` digests a task alone, ``full`` with everything it depends on.

    ``salts`` and ``catalog`` are what they were made with.
    """

    own: tuple[Key, ...]
    full: tuple[Key, ...]
    salts: Mapping[int, Key]
    catalog: Catalog = field(compare=False, repr=False)


def make_keys(
    plan: Plan, catalog: Catalog, *, salts: Mapping[int, Key] | None = None, previous: tuple[Plan, Keys] | None = None
) -> Keys:
    """The keys of all tasks of ``plan``.

    ``salts`` adds what only the outside knows about a task (a file's size and time), or None: no identity.
    With the ``previous`` plan and its keys, tasks that are the same object in the same place are not digested again.
    """
    if previous is None or previous[1].catalog is not catalog:
        previous = (Plan(), Keys((), (), {}, catalog))
    return _make_keys(plan, catalog, salts or {}, *previous)


def _make_keys(plan: Plan, catalog: Catalog, salts: Mapping[int, Key], before: Plan, then: Keys) -> Keys:
    tasks, known = plan.tasks, before.tasks[: len(plan.tasks)]
    fresh = {index for index, (task, earlier) in enumerate(zip(tasks, known, strict=False)) if task is not earlier}
    fresh.update(range(len(known), len(tasks)))
    stale = {index for index in {*salts, *then.salts} if salts.get(index, b"") != then.salts.get(index, b"")} | fresh
    missing = (None,) * (len(tasks) - len(known))
    own, full = [*then.own[: len(tasks)], *missing], [*then.full[: len(tasks)], *missing]
    changed: set[int] = set()
    for index in range(min(stale, default=len(tasks)), len(tasks)):
        task = tasks[index]
        if index not in stale and not _depends(task, changed):
            continue
        if index in fresh:
            own[index] = _own_key(task, catalog)
        key = _full_key(task, own[index], salts.get(index, b""), full.__getitem__)
        if key != full[index]:
            full[index] = key
            changed.add(index)
    return Keys(tuple(own), tuple(full), salts, catalog)


def _depends(task: Task, changed: AbstractSet[int]) -> bool:
    for item in task.inputs:  # noqa: SIM110 -- asked for every task, and a generator costs more
        if item.source in changed:
            return True
    return False


def full_key(task: Task, own: Key, salt: Key, source_key: Callable[[int], Key]) -> Key:
    """The key of one task once the keys, or other identities, of its sources are known."""
    return _full_key(task, own, salt, source_key)


def _own_key(task: Task, catalog: Catalog) -> Key:
    code = ""
    if task.ref is not None:
        schema = catalog[task.ref]
        if not schema.cache:
            return None
        code = schema.code
    constants = canonical(task.constants)
    if constants is None:
        return None
    head = f"{task.kind}\0{task.ref or ''}\0{code}\0".encode("utf-8", "surrogatepass")
    return blake2b(head + constants, digest_size=KEY_SIZE).digest()


def _full_key(task: Task, own: Key, salt: Key, source_key: Callable[[int], Key]) -> Key:
    if own is None or salt is None:
        return None
    parts = [own, salt]
    for item in task.inputs:
        key = source_key(item.source)
        if key is None:
            return None
        parts.append(_port_text(item.port, item.key))
        parts.append(key)
    return blake2b(b"".join(parts), digest_size=KEY_SIZE).digest()


@lru_cache(maxsize=1024)
def _port_text(port: str, key: str | None) -> bytes:
    # repr() ends where its quotes do, so that no port can be taken for another with a key.
    return f"{port!r}{key!r}".encode()


def canonical(value: Json) -> bytes | None:
    """One text for equal JSON, whatever the order of keys; None for what is not JSON."""
    try:
        text = orjson.dumps(value, option=_OPTIONS)
    except orjson.JSONEncodeError:
        pass
    else:
        if b"null" not in text:
            return text
    try:
        # Integers beyond 64 bits and lone surrogates, which orjson refuses, and NaN, which it writes as null.
        return json.dumps(value, sort_keys=True).encode()
    except (TypeError, ValueError, RecursionError):
        return None
