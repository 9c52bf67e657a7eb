"""Findings about a workflow, and the one table that says how grave each of them is."""

from dataclasses import dataclass
from typing import Literal

from psynapse.model.ids import Json, NodeId

Severity = Literal["error", "warning"]
Blocks = Literal["graph", "node", "nothing"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means: how grave, what cannot run because of it, and the HTTP status of ``POST /execute``."""

    severity: Severity
    blocks: Blocks
    status: int
    meaning: str


RULES: dict[str, Rule] = {
    # The whole graph cannot run.
    "cycle": Rule("error", "graph", 500, "nodes wait for each other in a circle"),
    "duplicate-id": Rule("error", "graph", 500, "two nodes have the same id"),
    "malformed-node": Rule("error", "graph", 500, "a node that is not an object with a usable id"),
    "malformed-edge": Rule("error", "graph", 500, "an edge that is not an object with source and target"),
    "malformed-version": Rule("error", "graph", 500, "the version of the workflow's format is no version"),
    "future-version": Rule("error", "graph", 500, "the workflow was saved by a newer psynapse"),
    # One node cannot run, and what hangs on it.
    "unknown-kind": Rule("error", "node", 200, "a node type that does not exist here"),
    "unknown-function": Rule("error", "node", 200, "no nodepack has such a function"),
    "ambiguous-name": Rule("error", "node", 200, "several nodepacks have a function of that name"),
    "missing-input": Rule("error", "node", 200, "a required input is neither set nor connected"),
    "dangling-edge": Rule("error", "node", 200, "an edge comes from a node that does not exist"),
    "conversion": Rule("error", "node", 200, "a value does not fit its port"),
    "missing-key": Rule("error", "node", 200, "an edge selects an output that the node cannot have"),
    # Nothing is stopped, but the author probably meant something else.
    "dangling-target": Rule("warning", "nothing", 200, "an edge leads to a node that does not exist"),
    "unknown-handle": Rule("warning", "nothing", 200, "an edge ends at an input that the node does not have"),
    "unused-value": Rule("warning", "nothing", 200, "a value that no parameter takes"),
    "double-input": Rule("warning", "nothing", 200, "several edges end at the same input"),
    "unlikely-type": Rule("warning", "nothing", 200, "the connected types do not match"),
    "unconnected-view": Rule("warning", "nothing", 200, "a view without an input shows nothing"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """A finding about a workflow before it runs."""

    code: str
    message: str
    node: NodeId | None = None
    port: str | None = None
    hint: str = ""
    pointer: str = ""
    """RFC 6901 JSON pointer into the workflow, where the finding is about its text."""

    @property
    def rule(self) -> Rule:
        """What the table says about this code."""
        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        """``error`` or ``warning``."""
        return self.rule.severity

    def to_json(self) -> dict[str, Json]:
        """The finding as it is sent and printed with ``--json``."""
        return {
            "code": self.code,
            "severity": self.severity,
            "blocks": self.rule.blocks,
            "message": self.message,
            "node": self.node,
            "port": self.port,
            "hint": self.hint,
            "pointer": self.pointer,
        }
