"""Runs that take results from disk, and say so; and runs that notice that a node changed what it was given."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.cache import Cache
from psynapse.engine.disk_cache import DiskCache
from psynapse.model.events import RunEvent, RunStarted, TaskCompleted, TaskStarted
from psynapse.model.workflow import parse_workflow
from psynapse.services.local import LoadedWorkflow, RunResult

OPS = """
import time
import numpy as np
import pandas as pd
import psynapse

calls = []

def slow(x: float, seconds: float = 0.51) -> list:
    calls.append("slow")
    time.sleep(seconds)
    return [x, x]

@psynapse.node(executor="process")
def slow_elsewhere(x: float) -> float:
    time.sleep(0.6)
    return x + 0.5

async def slow_async(x: float) -> float:
    calls.append("slow_async")
    time.sleep(0.51)
    return x

@psynapse.node(cache=False)
def slow_and_new(x: float) -> float:
    calls.append("slow_and_new")
    time.sleep(0.51)
    return x

def handle() -> object:
    calls.append("handle")
    time.sleep(0.51)
    return [open(__file__)]

def close(files: list) -> int:
    for file in files:
        file.close()
    return len(files)

def first(items: list) -> float:
    calls.append("first")
    return items[0]

def plus(a: float, b: float) -> float:
    calls.append("plus")
    return a + b

def image(size: int) -> object:
    calls.append("image")
    return np.ones((size, size))

def table(rows: int) -> object:
    calls.append("table")
    return pd.DataFrame({"a": range(rows), "b": 1.0})

def brighten(picture) -> float:
    picture *= 2
    return float(picture.sum())

def widen(frame) -> int:
    frame["more"] = 0
    return frame.shape[1]

def total(value) -> float:
    calls.append("total")
    return float(value.to_numpy().sum() if hasattr(value, "columns") else value.sum())
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    pack = tmp_path_factory.mktemp("packs") / "costly"
    pack.mkdir()
    (pack / "ops.py").write_text(OPS)
    made = load_registry([(pack.parent, "user")])
    assert not made.catalog.failures
    return made


@pytest.fixture
def calls(registry: Registry) -> list[str]:
    operation = next(item for item in registry.operations.values() if item.schema.name == "slow")
    found: list[str] = operation.callee.__globals__["calls"]
    found.clear()
    return found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[DiskCache]:
    cache = DiskCache(tmp_path / "cache", b"")
    yield cache
    cache.close()


def load(
    registry: Registry, disk: DiskCache | None, *edges: str, **functions: tuple[str, dict[str, Any]]
) -> LoadedWorkflow:
    """Nodes by id; edges as ``"a -> b.port"``. A new object has nothing in memory, as a new worker has not."""
    nodes = [
        {"id": node, "type": "functionNode", "data": {"functionName": function, **data}}
        for node, (function, data) in functions.items()
    ]
    made: list[dict[str, Any]] = []
    for edge in edges:
        source, _, end = edge.partition(" -> ")
        target, _, port = end.partition(".")
        made.append({"source": source, "target": target, "targetHandle": port, "sourceHandle": "output"})
    workflow, problems = parse_workflow({"version": 1, "nodes": nodes, "edges": made})
    assert not problems
    loaded = LoadedWorkflow(workflow, registry)
    loaded._cache = Cache(disk=disk)
    return loaded


def watched(loaded: LoadedWorkflow, **options: Any) -> tuple[RunResult, Sequence[RunEvent]]:
    events: list[RunEvent] = []
    result = loaded.run(reuse=True, on_event=events.extend, **options)
    if loaded._cache.disk:
        assert loaded._cache.disk.flush(20)
    return result, events


def ran(events: Sequence[RunEvent]) -> dict[str, str]:
    """What ran, and why."""
    return {str(event.node): event.body.why for event in events if isinstance(event.body, TaskStarted)}


def reused(events: Sequence[RunEvent]) -> dict[str, str]:
    """What was reused, and from where."""
    ends = [(event.node, event.body) for event in events]
    return {str(node): body.why for node, body in ends if isinstance(body, TaskCompleted) and body.cached}


CHAIN: dict[str, tuple[str, dict[str, Any]]] = {"s": ("slow", {"x": 3.0}), "f": ("first", {})}


def test_a_costly_result_is_not_computed_again_by_who_comes_later(
    registry: Registry, calls: list[str], disk: DiskCache
):
    result, events = watched(load(registry, disk, "s -> f.items", **CHAIN))
    assert (result.outputs["f"], reused(events)) == (3.0, {})
    calls.clear()
    again = load(registry, disk, "s -> f.items", **CHAIN)
    result, events = watched(again)
    assert result.outputs["f"] == 3.0
    assert calls == ["first"]
    assert reused(events) == {"s": "from disk"}
    assert ran(events) == {"f": "it has not run before"}
    started = next(event.body for event in events if isinstance(event.body, RunStarted))
    assert started.cached == ("s",)
    _, events = watched(again)
    assert reused(events) == {"s": "from memory", "f": "from memory"}


def test_a_changed_value_is_computed_anew(registry: Registry, calls: list[str], disk: DiskCache):
    watched(load(registry, disk, "s -> f.items", **CHAIN))
    _, events = watched(load(registry, disk, "s -> f.items", **CHAIN), set={"s.x": 4})
    assert calls == ["slow", "first"] * 2
    assert reused(events) == {}


@pytest.mark.parametrize("function", ["slow_elsewhere", "slow_async"])
def test_what_took_long_elsewhere_is_kept_as_well(registry: Registry, disk: DiskCache, function: str):
    watched(load(registry, disk, n=(function, {"x": 2.0})))
    result, events = watched(load(registry, disk, n=(function, {"x": 2.0})))
    assert reused(events) == {"n": "from disk"}
    assert result.outputs["n"] == (2.5 if function == "slow_elsewhere" else 2.0)


def test_what_is_never_reused_is_never_kept(registry: Registry, disk: DiskCache):
    watched(load(registry, disk, n=("slow_and_new", {"x": 2.0})))
    assert not disk.folder.exists()


def test_a_key_made_during_the_run_leads_to_the_disk_as_well(registry: Registry, calls: list[str], disk: DiskCache):
    nodes: dict[str, tuple[str, dict[str, Any]]] = {"new": ("slow_and_new", {"x": 2.0}), "s": ("slow", {})}
    watched(load(registry, disk, "new -> s.x", **nodes))
    calls.clear()
    result, events = watched(load(registry, disk, "new -> s.x", **nodes))
    assert calls == ["slow_and_new"]
    assert reused(events) == {"s": "from disk"}
    assert result.outputs["s"] == [2.0, 2.0]


def test_what_cannot_be_kept_runs_again_and_says_so(registry: Registry, calls: list[str], disk: DiskCache):
    watched(load(registry, disk, "h -> c.files", h=("handle", {}), c=("close", {})))
    _, events = watched(load(registry, disk, "h -> c.files", h=("handle", {}), c=("close", {})))
    assert calls == ["handle", "handle"]
    assert "cannot be kept on disk: TypeError" in ran(events)["h"]


def test_without_a_run_that_reuses_nothing_is_kept(registry: Registry, disk: DiskCache):
    load(registry, disk, s=("slow", {"x": 1.0})).run()
    assert disk.flush(20)
    assert not disk.folder.exists()


@pytest.mark.parametrize(
    ("source", "size", "change"),
    [("image", 10, "brighten"), ("image", 1000, "brighten"), ("table", 10, "widen"), ("table", 90_000, "widen")],
)
def test_a_node_that_changes_its_input_spoils_nothing_for_later_runs(
    registry: Registry, calls: list[str], source: str, size: int, change: str
):
    port = "picture" if change == "brighten" else "frame"
    made = (source, {"size" if source == "image" else "rows": size})
    clean = load(registry, None, "n -> t.value", n=made, t=("total", {})).run().outputs["t"]
    spoiling = load(registry, None, f"n -> c.{port}", n=made, c=(change, {}))
    spoiling.run(reuse=True)
    calls.clear()
    later = load(registry, None, "n -> t.value", n=made, t=("total", {}))
    later._cache = spoiling._cache
    result, events = watched(later)
    assert result.outputs["t"] == clean
    assert calls == [source, "total"]
    assert ran(events)["n"] == "its earlier result was changed after it was computed"
    _, events = watched(later)
    assert ran(events) == {}
