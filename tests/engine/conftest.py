"""A nodepack whose nodes can be watched and made to wait, and the way from a few words to a run of them."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from psynapse.catalog.registry import Registry, load_registry
from psynapse.engine.executors import Executors
from psynapse.engine.ledger import RunOptions
from psynapse.engine.program import compile_plan
from psynapse.engine.runner import Runner
from psynapse.model.events import RunEvent
from psynapse.model.workflow import parse_workflow
from psynapse.planning.planner import make_plan

# What several test files share is a module beside them: they cannot import each other.
sys.path.append(str(Path(__file__).parent))

Spec = tuple[str, dict[str, Any]] | str
Prepared = tuple[Runner, dict[str, int], list[RunEvent]]
Prepare = Callable[..., Prepared]

OPS = """
import asyncio
import gc
import logging
import os
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any

from pydantic import AfterValidator

import psynapse

_seen = []  # what ran, in order
_refs = {}  # weak references to values, by name
_events = {}  # by name: what nodes wait for


def _event(name):
    return _events.setdefault(name, threading.Event())


class _Value:
    pass


def add(a: float, b: float = 1.0) -> float:
    return a + b

def multiply(a: float, b: float) -> float:
    return a * b

def mix(a: int = 1, b: int = 2, c: int = 3) -> int:
    return (a * 31 + b * 17 + c) % 1_000_003

def note(name: str, after: Any = None) -> str:
    _seen.append(name)
    return name

def nap(seconds: float, after: Any = None) -> float:
    time.sleep(seconds)
    return seconds

def set_event(name: str, after: Any = None) -> str:
    _seen.append(name)
    _event(name).set()
    return name

def begin(name: str) -> int:
    _event(name).set()
    return 0

def wait_for(name: str, seconds: float = 10.0, announce: str = "") -> bool:
    if announce:
        _event(announce).set()
    return _event(name).wait(seconds)

async def doze(seconds: float, after: Any = None) -> float:
    await asyncio.sleep(seconds)
    return seconds

async def grumble(text: str) -> str:
    print(text)
    await asyncio.sleep(0.01)
    await asyncio.to_thread(print, text + " from a thread")
    return text

@psynapse.node(executor="inline")
def thread_inline(after: Any = None) -> int:
    _seen.append("inline")
    return threading.get_ident()

def thread_any(after: Any = None) -> int:
    return threading.get_ident()

@psynapse.node(executor="process")
def process_id(x: int = 0) -> int:
    print("in process", x)
    return os.getpid()

@psynapse.node(executor="process")
def die_in_process() -> int:
    os._exit(3)

@psynapse.node(executor="process")
def spin_in_process() -> int:
    while True:
        pass

@psynapse.node(executor="process")
def fail_in_process(x: int) -> int:
    raise LookupError(f"no {x}")

def spin(announce: str = "") -> int:
    if announce:
        _event(announce).set()
    while True:
        pass

async def hog(announce: str) -> int:
    _event(announce).set()
    while not _event("enough").is_set():
        pass
    return 0

def fail(message: str = "no luck", after: Any = None) -> str:
    raise ValueError(message)

async def fail_later(message: str) -> str:
    await asyncio.sleep(0)
    raise ValueError(message)

def leave(code: int = 3) -> str:
    sys.exit(code)

async def leave_later() -> str:
    raise SystemExit(4)

class _Odd(BaseException):
    pass

def raise_odd() -> str:
    raise _Odd("not even an Exception")

def press_keys() -> str:
    raise KeyboardInterrupt

def recurse(n: int = 0) -> int:
    return recurse(n + 1)

class _Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")

class _Deadly(Exception):
    def __str__(self):
        raise SystemExit("not in my name")

def fail_mutely() -> str:
    raise _Mute

def fail_deadly() -> str:
    raise _Deadly

def return_deadly() -> Any:
    class Shy:
        def __repr__(self):
            raise SystemExit("do not look at me")
    return Shy()

def _choose(value: str) -> str:
    if value == "leave":
        sys.exit(9)
    if value == "grudge":
        raise RuntimeError("the validator is broken")
    return value

def picky(value: Annotated[str, AfterValidator(_choose)]) -> str:
    return value

async def picky_later(value: Annotated[str, AfterValidator(_choose)]) -> str:
    return value

def split(a: int = 1) -> dict:
    return {"head": a, "tail": [a]}

def make_value(name: str, after: Any = None) -> Any:
    value = _Value()
    _refs[name] = weakref.ref(value)
    return value

def take_value(value: Any, other: Any = None) -> str:
    return type(value).__name__

def is_alive(name: str, after: Any = None) -> bool:
    return _refs[name]() is not None

class IsAlive:
    def __call__(self, name: str, after: Any = None) -> bool:
        return _refs[name]() is not None

def say(text: str, times: int = 1, after: Any = None) -> str:
    for _ in range(times):
        print(text)
    return text

class Leaving:
    # It prints when Python finds it among the rubbish, wherever that is.
    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        print("gone")
        print("gone", end="", file=sys.stderr)

def say_while_others_leave(times: int) -> int:
    usual = gc.get_threshold()
    # Python looks for rubbish as often as it can.
    gc.set_threshold(1)
    try:
        for _ in range(times):
            Leaving()
            print("said", end="", flush=True)
            print("said")
    finally:
        gc.set_threshold(*usual)
    return gc.collect()

def say_everywhere(text: str) -> str:
    print(text, "out")
    print(text, "err", file=sys.stderr)
    logging.getLogger("lab").warning("%s log", text)
    thread = threading.Thread(target=print, args=(text, "thread"))
    thread.start()
    thread.join()
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(print, [f"{text} pool"]))
    print(text, "tail", end="")
    return text

_pool = ThreadPoolExecutor(2)

def say_in_shared_pool(text: str, after: Any = None) -> str:
    time.sleep(0.02)
    list(_pool.map(print, [text] * 5))
    return text

def say_and_fail(text: str) -> str:
    print(text, end="")
    raise ValueError(text)

def say_from_threads(text: str, times: int) -> str:
    threads = [threading.Thread(target=say, args=(text, times)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return text

def write_bytes() -> int:
    return sys.stdout.write(b"bytes")

def shout(size: int) -> int:
    print("x" * size)
    print("never seen")
    return size
"""

PROGRESS_OPS = """
import psynapse

class Count:
    def __init__(self):
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(self, steps: int) -> int:
        for step in range(steps):
            self._progress_reporter.update(step + 1, steps, f"step {step + 1}")
        return steps
"""

STREAM_OPS = """
import psynapse

class Spell:
    def __init__(self):
        self._stream_reporter = psynapse.StreamReporter()

    def __call__(self, text: str) -> str:
        for letter in text:
            self._stream_reporter.emit(letter)
        return text
"""


@pytest.fixture(scope="session")
def lab_registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("packs") / "lab"
    folder.mkdir()
    for name, source in (("ops", OPS), ("progress_ops", PROGRESS_OPS), ("stream_ops", STREAM_OPS)):
        (folder / f"{name}.py").write_text(source)
    registry = load_registry([(folder.parent, "user")])
    assert not registry.catalog.failures
    return registry


@pytest.fixture
def lab(lab_registry: Registry) -> Mapping[str, Any]:
    """The globals of the pack's ``ops.py``, as new."""
    operation = next(item for item in lab_registry.operations.values() if item.schema.name == "add")
    found: Mapping[str, Any] = operation.callee.__globals__
    for name in ("_seen", "_refs", "_events"):
        found[name].clear()
    return found


@pytest.fixture(scope="session")
def executors() -> Iterator[Executors]:
    shared = Executors()
    yield shared
    shared.close()


@pytest.fixture
def prepare(lab_registry: Registry, lab: Mapping[str, Any], executors: Executors) -> Iterator[Prepare]:
    """Makes a runner of nodes given by id as ``("function", {port: value or "@source" or "@source.key"})``.

    A text ``"@source"`` instead is a view of that node. Answers the runner, the task numbers by id and the events,
    which fill during the run. A run that hangs is cancelled after 20 seconds.
    """
    assert lab is not None
    timers: list[threading.Timer] = []

    def make(
        nodes: Mapping[str, Spec],
        *,
        keep_all: bool = True,
        listen: bool = True,
        executors: Executors = executors,
        **options: Any,
    ) -> Prepared:
        workflow, problems = parse_workflow(as_workflow(nodes))
        assert not problems
        plan = make_plan(workflow, lab_registry.catalog)
        events: list[RunEvent] = []
        if listen:
            options = {"listener": events.extend, **options}
        program = compile_plan(plan, lab_registry, keep_all=keep_all)
        runner = Runner(program, executors, RunOptions(**options))
        timers.append(threading.Timer(20, runner.control, ("cancel",)))
        timers[-1].start()
        return runner, {str(node): task for node, task in plan.index().items()}, events

    yield make
    for timer in timers:
        timer.cancel()


def as_workflow(nodes: Mapping[str, Spec]) -> dict[str, Any]:
    made: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for node, spec in nodes.items():
        function, given = ("", {"input": spec}) if isinstance(spec, str) else spec
        data: dict[str, Any] = {"functionName": function} if function else {}
        for port, value in given.items():
            if isinstance(value, str) and value.startswith("@"):
                source, _, key = value[1:].partition(".")
                edges.append({"source": source, "target": node, "targetHandle": port, "sourceHandle": key or "output"})
            else:
                data[port] = value
        made.append({"id": node, "type": "functionNode" if function else "viewNode", "data": data})
    return {"version": 1, "nodes": made, "edges": edges}
