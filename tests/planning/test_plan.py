"""What a worker gets to run."""

import pytest

from psynapse.errors import InvalidWorkflow, UnknownNode
from psynapse.model.diagnostics import RULES, Diagnostic
from psynapse.model.ids import NodeId
from psynapse.planning.plan import Plan, Task, require_known, require_runnable


def finding(code: str) -> Diagnostic:
    return Diagnostic(code=code, message=f"about {code}", hint="do this")


def test_a_plan_knows_where_each_node_is():
    plan = Plan(tuple(Task(node=NodeId(name), kind="viewNode", name="View") for name in "ab"))
    assert plan.index() == {"a": 0, "b": 1}


@pytest.mark.parametrize("code", RULES)
def test_only_findings_about_the_whole_graph_stop_it_and_all_are_carried(code: str):
    findings = [finding("unused-value"), finding(code), finding("conversion")]
    if RULES[code].blocks != "graph":
        require_runnable(findings)
        return
    with pytest.raises(InvalidWorkflow) as caught:
        require_runnable(findings)
    assert caught.value.diagnostics == tuple(findings)
    assert (caught.value.message, caught.value.hint) == (f"about {code}", "do this")


def test_a_target_that_is_no_node_is_named_with_those_that_are():
    require_known(["a"], ["a", "b"])
    with pytest.raises(UnknownNode) as caught:
        require_known(["a", "z"], ["b", "a"])
    assert "'z'" in caught.value.message
    assert "a, b" in caught.value.hint
