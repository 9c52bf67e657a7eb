"""Workflows as files, and values set into them from outside."""

import json
import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from psynapse.errors import UnknownNode, WorkflowFileError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Json, JsonObject
from psynapse.model.json_text import loads
from psynapse.model.workflow import Node, Workflow, dump_workflow, parse_workflow

Parsed = tuple[Workflow, tuple[Diagnostic, ...]]


def read_workflow(source: str | os.PathLike[str] | Mapping[str, object]) -> Parsed:
    """A workflow from a file, or from JSON that is parsed already, with the findings of parsing it.

    Raises WorkflowFileError when there is nothing to parse.
    """
    return parse_workflow(source if isinstance(source, Mapping) else read_document(Path(source)))


def read_document(path: Path) -> Mapping[str, object]:
    """The JSON object in a file, which need not be a good workflow. Raises WorkflowFileError when there is none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        hint = "check its permissions" if isinstance(error, PermissionError) else "check the path: it names no file"
        raise WorkflowFileError(f"{path} cannot be read: {error.strerror}", hint=hint) from error
    return parse_document(content, str(path))


def parse_document(content: bytes, name: str) -> Mapping[str, object]:
    """The JSON object that ``content`` is; ``name`` says in errors where it came from. Raises WorkflowFileError."""
    if not content.strip():
        raise WorkflowFileError(f"{name} is empty", hint='a workflow is {"nodes": [], "edges": []} at least')
    try:
        document: object = loads(content)
    except json.JSONDecodeError as error:
        message = f"{name} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise WorkflowFileError(message, hint="repair it there, or open an earlier copy") from error
    if not isinstance(document, Mapping):
        hint = 'a workflow is an object with "nodes" and "edges"'
        raise WorkflowFileError(f"{name} holds JSON that is no workflow", hint=hint)
    return cast("Mapping[str, object]", document)


def with_values(workflow: Workflow, values: Mapping[str, object]) -> Workflow:
    """The workflow with values set by ``"node.parameter"``.

    Of several readings of a dotted name the longest node id wins. Raises UnknownNode when no node fits.
    """
    changes: dict[str, dict[str, Json]] = {}
    ids = {node.id for node in workflow.nodes}
    for name, value in values.items():
        node, parameter = _split(name, ids)
        changes.setdefault(node, {})[parameter] = cast("Json", value)
    nodes = tuple(_changed(node, changes[node.id]) if node.id in changes else node for node in workflow.nodes)
    return replace(workflow, nodes=nodes)


def document_with_values(document: Mapping[str, object], values: Mapping[str, object]) -> Mapping[str, object]:
    """What ``with_values`` does, for a workflow's JSON; the answer is of the current version.

    A document that cannot run as a whole comes back as it is: whoever plans it finds all that is wrong with it.
    """
    workflow, found = parse_workflow(document)
    if any(finding.rule.blocks == "graph" for finding in found):
        return document
    return dump_workflow(with_values(workflow, values))


def _split(name: str, ids: Collection[str]) -> tuple[str, str]:
    node, dot, parameter = name.rpartition(".")
    tail = parameter
    while node not in ids and dot:
        node, dot, more = node.rpartition(".")
        tail = f"{more}.{tail}"
    if node not in ids or not tail:
        some = ", ".join(sorted(ids)[:10])
        raise UnknownNode(f"{name!r} is no parameter of a node", hint=f"write node.parameter; the nodes are: {some}")
    return node, tail


def _changed(node: Node, values: Mapping[str, Json]) -> Node:
    """Set a node's values; ``value`` of a variable is its ``variableValue``."""
    if node.kind == "variableNode":
        values = {"variableValue" if name == "value" else name: value for name, value in values.items()}
    data: JsonObject = {**node.data, **values}
    return node._replace(data=data)
