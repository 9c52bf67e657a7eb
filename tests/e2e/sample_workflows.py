"""Workflows to begin a test with, written as files are, and a nodepack whose nodes wait until a test lets them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

LIVE_OPS = '''
"""Nodes that fail, never end, tell their secrets, or wait for a file to appear."""

import os
import time
from pathlib import Path


def boom(x: float = 0) -> float:
    raise ValueError(f"no luck with {x:g}")


def endless(x: float = 0) -> float:
    while True:
        time.sleep(0.01)


def wait_for_file(path: str, text: str = "there") -> str:
    while not Path(path).exists():
        time.sleep(0.02)
    return text


def from_environment(name: str) -> int:
    """How long the value of a variable is."""
    return len(os.environ[name])


def length_of(key: str) -> int:
    return len(key)
'''
LIVE_PROGRESS = '''
import time
from pathlib import Path

import psynapse


class Steps:
    """Five steps, after the second of which it waits for a file."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(self, path: str) -> str:
        for step in range(1, 6):
            self._progress_reporter.update(step, 5, f"Step {step} of 5")
            while step == 2 and not Path(path).exists():
                time.sleep(0.02)
        return "walked"
'''
LIVE_STREAM = '''
import time
from pathlib import Path

import psynapse


class Words:
    """A sentence, in the middle of which it waits for a file."""

    def __init__(self) -> None:
        self._stream_reporter = psynapse.StreamReporter()

    def __call__(self, path: str) -> str:
        self._stream_reporter.emit("Once upon")
        self._stream_reporter.emit(" a time")
        while not Path(path).exists():
            time.sleep(0.02)
        self._stream_reporter.emit(" it ended.")
        return "Once upon a time it ended."
'''


@dataclass
class Flow:
    """A workflow in the making; every method returns it."""

    nodes: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    edges: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def node(self, id_: str, type_: str, x: float, y: float, /, **data: object) -> Self:
        self.nodes.append({"id": id_, "type": type_, "position": {"x": x, "y": y}, "data": data})
        return self

    def function(self, id_: str, ref: str, x: float, y: float, /, **values: object) -> Self:
        name = ref.rpartition(":")[2]
        return self.node(id_, "functionNode", x, y, functionName=name, ref=ref, **values)

    def number(self, id_: str, value: float, x: float, y: float) -> Self:
        return self.node(id_, "variableNode", x, y, variableType="Number", variableValue=value)

    def view(self, id_: str, x: float, y: float) -> Self:
        return self.node(id_, "viewNode", x, y)

    def wire(self, source: str, target: str) -> Self:
        """From ``node.output`` to ``node.input``."""
        (from_, _, output), (to, _, input_) = source.partition("."), target.partition(".")
        self.edges.append({"source": from_, "sourceHandle": output, "target": to, "targetHandle": input_})
        return self

    def data(self) -> dict[str, Any]:
        return {"version": 1, "nodes": self.nodes, "edges": self.edges}


def add_two(a: float = 1, b: float = 2) -> Flow:
    """The least that runs and shows something: a sum and a view of it."""
    flow = Flow().function("add_1", "basic/ops.py:add", 40, 40, a=a, b=b).view("view_1", 340, 40)
    return flow.wire("add_1.result", "view_1.input")


def example(name: str) -> Any:
    """One of the workflows that are shipped."""
    return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
