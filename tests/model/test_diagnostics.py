"""The one table of findings."""

import json

import pytest

from psynapse.model.diagnostics import RULES, Diagnostic
from psynapse.model.ids import NodeId


@pytest.mark.parametrize("code", RULES)
def test_severity_what_is_blocked_and_the_status_agree(code: str):
    rule = RULES[code]
    assert (rule.severity == "warning") == (rule.blocks == "nothing")
    assert (rule.status == 500) == (rule.blocks == "graph")
    assert rule.meaning


def test_a_finding_is_sent_with_what_the_table_says():
    finding = Diagnostic(code="conversion", message="m", node=NodeId("n"), port="p", hint="h", pointer="/nodes/0")
    assert json.loads(json.dumps(finding.to_json())) == {
        "code": "conversion",
        "severity": "error",
        "blocks": "node",
        "message": "m",
        "node": "n",
        "port": "p",
        "hint": "h",
        "pointer": "/nodes/0",
    }
