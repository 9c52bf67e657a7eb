"""Incremental runs: only what changed runs again, with equal results and a reason for each."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.cache import Cache
from psynapse.model.events import RunEvent, RunStarted, TaskCompleted, TaskStarted
from psynapse.model.workflow import parse_workflow
from psynapse.services.local import LoadedWorkflow, RunResult

OPS = """
import psynapse
from pathlib import Path

calls = []

def add(x: float, y: float = 1.0, name: str = "") -> float:
    calls.append(name)
    return x + y

def numbers(count: int) -> list:
    return list(range(count))

def total(items: list) -> int:
    calls.append("total")
    return sum(items)

def spoil(items: list) -> int:
    items.append(1000)
    return len(items)

@psynapse.node(cache=False)
def unpredictable(value: str) -> str:
    calls.append("unpredictable")
    return value.strip()

def shout(text: str) -> str:
    calls.append("shout")
    return text.upper()

def read(path: Path) -> str:
    calls.append("read")
    return path.read_text()

def name_file(path: str) -> str:
    return path

def show(value, more: object = None) -> str:
    calls.append("show")
    return repr((value, more))

def countdown(start: int):
    calls.append("countdown")
    return iter(range(start))
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    pack = tmp_path_factory.mktemp("packs") / "reuse"
    pack.mkdir()
    (pack / "ops.py").write_text(OPS)
    return load_registry([(pack.parent, "user")])


@pytest.fixture
def calls(registry: Registry) -> list[str]:
    operation = next(iter(registry.operations.values()))
    found: list[str] = operation.callee.__globals__["calls"]
    found.clear()
    return found


def node(id_: str, function: str, /, **values: object) -> dict[str, Any]:
    return {"id": id_, "type": "functionNode", "data": {"functionName": function, **values}}


def edge(source: str, target: str, handle: str) -> dict[str, str]:
    return {"source": source, "target": target, "sourceHandle": "result", "targetHandle": handle}


def load(registry: Registry, nodes: Sequence[dict[str, Any]], edges: Sequence[dict[str, str]] = ()) -> LoadedWorkflow:
    workflow, found = parse_workflow({"nodes": list(nodes), "edges": list(edges)})
    return LoadedWorkflow(workflow, registry, found)


def watched(loaded: LoadedWorkflow, **options: Any) -> tuple[RunResult, list[RunEvent]]:
    events: list[RunEvent] = []
    return loaded.run(reuse=True, on_event=events.extend, **options), events


def reasons(events: Sequence[RunEvent]) -> dict[str, str]:
    return {str(event.node): event.body.why for event in events if isinstance(event.body, TaskStarted)}


def chains(registry: Registry, count: int, length: int) -> LoadedWorkflow:
    nodes = [
        node(f"c{chain}n{place}", "add", name=f"c{chain}n{place}", **({} if place else {"x": chain}))
        for chain in range(count)
        for place in range(length)
    ]
    edges = [
        edge(f"c{chain}n{place}", f"c{chain}n{place + 1}", "x") for chain in range(count) for place in range(length - 1)
    ]
    return load(registry, nodes, edges)


def test_one_change_runs_exactly_what_depends_on_it(registry: Registry, calls: list[str]) -> None:
    loaded = chains(registry, 20, 10)
    loaded.run(reuse=True)
    assert len(calls) == 200
    calls.clear()
    again = loaded.run(reuse=True, set={"c7n0.x": 100})
    assert calls == [f"c7n{place}" for place in range(10)]
    assert again.outputs["c7n9"] == 110
    assert again.outputs["c8n9"] == 18


def test_nothing_changed_runs_nothing_and_says_what_is_reused(registry: Registry, calls: list[str]) -> None:
    loaded = chains(registry, 2, 3)
    first, _ = watched(loaded)
    calls.clear()
    second, events = watched(loaded)
    assert not calls
    assert second.outputs == first.outputs
    started = next(event.body for event in events if isinstance(event.body, RunStarted))
    assert len(started.cached) == 6
    ends = [event.body for event in events if isinstance(event.body, TaskCompleted)]
    assert len(ends) == 6
    assert all(end.cached for end in ends)


def test_each_node_that_runs_says_why(registry: Registry) -> None:
    loaded = chains(registry, 1, 3)
    _, events = watched(loaded)
    assert reasons(events) == dict.fromkeys(("c0n0", "c0n1", "c0n2"), "it has not run before")
    _, events = watched(loaded, set={"c0n1.y": 5})
    assert reasons(events) == {"c0n1": "changed: y", "c0n2": "add gives x anew"}


def test_going_back_to_an_earlier_value_is_found_again(registry: Registry, calls: list[str]) -> None:
    loaded = chains(registry, 1, 3)
    loaded.run(reuse=True)
    loaded.run(reuse=True, set={"c0n0.x": 5})
    calls.clear()
    assert loaded.run(reuse=True).outputs["c0n2"] == 3
    assert not calls


def test_without_asking_nothing_is_reused(registry: Registry, calls: list[str]) -> None:
    loaded = chains(registry, 1, 2)
    loaded.run(reuse=True)
    loaded.run()
    assert calls == ["c0n0", "c0n1"] * 2


def test_a_node_that_opts_out_runs_each_time_but_equal_content_stops_there(
    registry: Registry, calls: list[str]
) -> None:
    nodes = [node("u", "unpredictable", value=" a "), node("s", "shout")]
    loaded = load(registry, nodes, [edge("u", "s", "text")])
    assert loaded.run(reuse=True).outputs["s"] == "A"
    calls.clear()
    assert loaded.run(reuse=True).outputs["s"] == "A"
    assert calls == ["unpredictable"]
    calls.clear()
    _, events = watched(loaded, set={"u.value": "b"})
    assert calls == ["unpredictable", "shout"]
    assert reasons(events)["u"] == "its results are never reused"


def test_a_file_that_changed_is_read_again(registry: Registry, calls: list[str], tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("one")
    loaded = load(registry, [node("r", "read", path=str(file)), node("s", "shout")], [edge("r", "s", "text")])
    assert loaded.run(reuse=True).outputs["s"] == "ONE"
    assert loaded.run(reuse=True).outputs["s"] == "ONE"
    assert calls == ["read", "shout"]
    file.write_text("two!")
    assert loaded.run(reuse=True).outputs["s"] == "TWO!"
    os.utime(file, ns=(1, 1))
    calls.clear()
    loaded.run(reuse=True)
    assert calls[0] == "read"


def test_a_file_named_during_the_run_is_looked_at_as_well(registry: Registry, calls: list[str], tmp_path: Path) -> None:
    file = tmp_path / "named.txt"
    file.write_text("one")
    loaded = load(registry, [node("n", "name_file", path=str(file)), node("r", "read")], [edge("n", "r", "path")])
    assert loaded.run(reuse=True).outputs["r"] == "one"
    loaded.run(reuse=True)
    assert calls[0] == "read"
    file.write_text("longer")
    assert loaded.run(reuse=True).outputs["r"] == "longer"


def test_a_list_that_a_later_node_changed_is_made_anew(registry: Registry) -> None:
    nodes = [node("n", "numbers", count=3), node("spoil", "spoil")]
    loaded = load(registry, nodes, [edge("n", "spoil", "items")])
    assert loaded.run(reuse=True).outputs["spoil"] == 4
    fresh = load(registry, [*nodes, node("t", "total")], [edge("n", "t", "items")])
    fresh._cache = loaded._cache
    assert fresh.run(reuse=True, targets=["t"]).outputs["t"] == 3


def test_what_can_be_read_only_once_is_not_kept(registry: Registry, calls: list[str]) -> None:
    loaded = load(registry, [node("c", "countdown", start=3)])
    loaded.run(reuse=True)
    loaded.run(reuse=True)
    assert calls == ["countdown", "countdown"]


def test_a_value_that_was_changed_since_is_not_found_and_makes_room() -> None:
    cache = Cache()
    items = [1, 2]
    cache.put(b"list", items, 0.0)
    cache.put(b"text", "unchanging", 0.0)
    found = cache.get_many([b"list", None, b"gone", b"text"])
    assert {position: entry.value for position, entry in found.items()} == {0: items, 3: "unchanging"}
    items.append(3)
    assert list(cache.get_many([b"list", b"text"])) == [1]
    assert len(cache) == 1


def test_what_is_looked_up_together_is_kept_longest() -> None:
    cache = Cache(limit=10_000)
    for number in range(8):
        cache.put(bytes([number]), b"x" * 1000, 0.0)
    cache.get_many([bytes([0]), bytes([1])])
    for number in range(100, 107):
        cache.put(bytes([number]), b"x" * 1000, 0.0)
    assert list(cache.get_many([bytes([0]), bytes([1]), bytes([2])])) == [0, 1]


def test_the_cache_stays_under_its_limit() -> None:
    cache = Cache(limit=10_000)
    for number in range(100):
        cache.put(number.to_bytes(16, "big"), b"x" * 1000, 0.0)
        assert cache.size <= 10_000
    assert cache.get((99).to_bytes(16, "big"))
    assert cache.get((0).to_bytes(16, "big")) is None
    cache.put(b"huge", b"x" * 20_000, 0.0)
    assert cache.get(b"huge") is None
    cache.clear()
    assert (len(cache), cache.size) == (0, 0)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_an_incremental_run_equals_a_cold_one(registry: Registry, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    nodes = [node(f"n{place}", "add", x=place, y=1) for place in range(count)]
    edges = [
        edge(f"n{data.draw(st.integers(0, place - 1))}", f"n{place}", data.draw(st.sampled_from(["x", "y"])))
        for place in range(1, count)
        if data.draw(st.booleans())
    ]
    warm = load(registry, nodes, edges)
    for _ in range(4):
        place = data.draw(st.integers(0, count - 1))
        change = {f"n{place}.{data.draw(st.sampled_from('xy'))}": data.draw(st.integers(0, 3))}
        cold = load(registry, nodes, edges)
        assert warm.run(reuse=True, set=change).outputs == cold.run(set=change).outputs


# Python finds many of them equal to each other.
ALIKE = [0, 0.0, -0.0, False, 1, 1.0, True, "1", "", None, [], [1], [True], {"k": 1}, {"k": 1.0}]


@settings(deadline=None, max_examples=60)
@given(data=st.data(), reuse=st.booleans())
def test_a_run_after_others_gives_what_it_gives_alone(registry: Registry, data: st.DataObject, reuse: bool) -> None:
    nodes = [node(f"n{place}", "show", value=place) for place in range(4)]
    edges = [edge("n0", "n1", "more"), edge("n1", "n2", "more"), edge("n0", "n3", "more")]
    used = load(registry, nodes, edges)
    for _ in range(4):
        change = {f"n{data.draw(st.integers(0, 3))}.value": data.draw(st.sampled_from(ALIKE))}
        targets = data.draw(st.sampled_from([(), ("n2",), ("n3", "n0")]))
        alone = load(registry, nodes, edges).run(set=change, targets=targets)
        assert used.run(set=change, targets=targets, reuse=reuse).outputs == alone.outputs


@pytest.mark.parametrize("reuse", [False, True])
def test_a_list_that_is_changed_between_runs_counts_as_it_is_now(registry: Registry, reuse: bool) -> None:
    loaded = load(registry, [node("n", "show"), node("after", "show")], [edge("n", "after", "value")])
    items: list[object] = [1]
    for _ in range(3):
        items.append([])
        assert loaded.run(set={"n.value": items}, reuse=reuse).outputs["n"] == repr((items, None))
