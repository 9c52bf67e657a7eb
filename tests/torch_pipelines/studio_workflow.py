"""Workflows of the package's pipelines, run by a server."""

import json
from collections.abc import Mapping
from typing import Any

from node_server import NodeServer
from tensor_package import NAME

OPS = """
import numpy as np
from typing import Any

def ramp() -> Any:
    return np.array([[[[0] * 3, [100] * 3]]], np.uint8)

def mean_of(video: Any) -> float:
    return float(np.asarray(video).mean())
"""
_ELSEWHERE = {"ramp": "test/ops.py:ramp", "mean_of": "test/ops.py:mean_of", "save_video": "video/ops.py:save_video"}


def workflow(nodes: Mapping[str, Mapping[str, Any]], *edges: str) -> dict[str, Any]:
    """Nodes by the name of their pipeline or function; edges as "dream.video -> soften.video" or to a view, "-> v"."""
    made: dict[str, Any] = {"nodes": [], "edges": []}
    for name, values in nodes.items():
        ref = _ELSEWHERE.get(name, f"{NAME}/pipelines:{name}")
        made["nodes"].append({"id": name, "type": "functionNode", "data": {"ref": ref, **values}})
    for edge in edges:
        source, _, target = edge.partition(" -> ")
        node, _, port = target.partition(".")
        if node not in nodes:
            made["nodes"].append({"id": node, "type": "viewNode", "data": {}})
        ends = dict(zip(("source", "sourceHandle"), source.split("."), strict=True))
        made["edges"].append({**ends, "target": node, "targetHandle": port or "input"})
    return made


def shown(server: NodeServer, nodes: Mapping[str, Mapping[str, Any]], *edges: str) -> dict[str, Any]:
    """The whole values of the views after a run."""
    answer = server.http.post("/execute", json=workflow(nodes, *edges))
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def told(server: NodeServer, nodes: Mapping[str, Mapping[str, Any]], *edges: str) -> list[dict[str, Any]]:
    """What is told of a run, one object after the other."""
    with server.http.stream("POST", "/execute/stream", json=workflow(nodes, *edges)) as stream:
        return [json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: ")]


def row(*values: Any) -> list[list[list[Any]]]:
    """A frame of one row of grey pixels."""
    return [[[value] * 3 for value in values]]
