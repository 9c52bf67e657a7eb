"""References to secrets: resolved when a node is called, never before, and never said."""

import os
from typing import Any

import pytest

from psynapse.errors import RunFailed
from psynapse.model.secret import secret_name, secrets_named_in
from psynapse.services.local import LoadedWorkflow, RunResult, load

OPS = """
import dataclasses, os
from typing import Annotated, Any
from pydantic import Field
import psynapse

def show(key: str, more: str = "") -> str:
    return f"{len(key)} {key[::-1]} {more}"

def count(number: int) -> int:
    return number + 1

def short(key: Annotated[str, Field(max_length=3)]) -> str:
    return key

def anything(value: Any, others: list) -> list:
    return [value, *others]

def spread(first, /, *rest, **named):
    return [first, list(rest), named]

async def later(key: str) -> str:
    return key.upper()

@psynapse.node(executor="process")
def in_a_process(key: str) -> str:
    return key.upper()
"""


@pytest.fixture
def packs(tmp_path: Any) -> Any:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ops.py").write_text(OPS)
    return tmp_path


def ref(name: str) -> dict[str, str]:
    return {"$secret": name}


def loaded(packs: Any, function: str, /, **values: object) -> LoadedWorkflow:
    node = {"id": "f", "type": "functionNode", "data": {"ref": f"mine/ops.py:{function}", **values}}
    return load({"nodes": [node], "edges": []}, nodepacks=packs)


def run(packs: Any, function: str, /, **values: object) -> object:
    return loaded(packs, function, **values).run(env={"KEY": "hush-hush", "NUMBER": "41"}, targets=["f"])["f"]


@pytest.mark.parametrize(
    ("function", "values", "expected"),
    [
        ("show", {"key": ref("KEY")}, "9 hsuh-hsuh "),
        ("show", {"key": "plain", "more": ref("NUMBER")}, "5 nialp 41"),
        ("count", {"number": ref("NUMBER")}, 42),
        ("anything", {"value": ref("KEY"), "others": [1, {"$secret": "KEY"}]}, ["hush-hush", 1, {"$secret": "KEY"}]),
        ("spread", {"first": ref("KEY"), "rest": [1], "named": {"a": 2}}, ["hush-hush", [1], {"a": 2}]),
        ("later", {"key": ref("KEY")}, "HUSH-HUSH"),
        ("in_a_process", {"key": ref("KEY")}, "HUSH-HUSH"),
    ],
)
def test_a_reference_gives_the_value_to_the_call_whatever_the_function_is(
    packs: Any, function: str, values: dict[str, object], expected: object
):
    assert run(packs, function, **values) == expected


def test_planning_knows_the_reference_alone_and_finds_nothing_wrong_with_it(packs: Any):
    workflow = loaded(packs, "count", number=ref("NUMBER"))
    assert workflow.check() == ()
    (task,) = workflow.plan().tasks
    assert task.constants == {"number": ref("NUMBER")}
    assert task.blocked is None


def test_the_value_is_looked_up_at_each_call(packs: Any):
    workflow = loaded(packs, "count", number=ref("NUMBER"))
    assert [workflow.run(env={"NUMBER": text}, targets=["f"])["f"] for text in ("1", "2")] == [2, 3]


def test_a_secret_that_is_not_set_fails_its_node_and_says_where_to_set_it(packs: Any):
    assert "NOT_SET_ANYWHERE" not in os.environ
    result = loaded(packs, "show", key=ref("NOT_SET_ANYWHERE")).run(check=False)
    failure = result.errors["f"]
    assert (failure.code, failure.port) == ("secret-missing", "key")
    assert "NOT_SET_ANYWHERE" in failure.error
    assert "settings" in failure.hint


@pytest.mark.parametrize(("function", "port"), [("count", "number"), ("short", "key")])
def test_a_secret_that_does_not_fit_is_not_said(packs: Any, function: str, port: str):
    workflow = loaded(packs, function, **{port: ref("KEY")})
    with pytest.raises(RunFailed) as caught:
        workflow.run(env={"KEY": "hush-hush"})
    result = caught.value.result
    assert isinstance(result, RunResult)
    failure = result.errors["f"]
    assert "hush" not in repr(failure)
    assert "'KEY'" in failure.error
    error: BaseException | None = caught.value
    while error:
        assert "hush" not in str(error)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "value", [None, "KEY", {}, {"$secret": ""}, {"$secret": 5}, {"$secret": "A", "b": 1}, ["$secret"], {"secret": "A"}]
)
def test_what_only_looks_like_a_reference_is_a_value(value: object):
    assert secret_name(value) is None


def test_the_secrets_of_a_workflow_are_those_it_lists_and_those_its_nodes_refer_to():
    document: Any = {
        "secrets": ["LISTED", 5],
        "nodes": [
            {
                "id": "a",
                "data": {"key": ref("REFERRED"), "other": [ref("INSIDE")], "arguments": {"label": ref("APART")}},
            },
            {"id": "c", "data": {"plain": "text"}},
            {"id": "d", "data": {"plain": {}, "arguments": "text"}},
            {"id": "b", "data": [ref("NOT_AN_OBJECT")]},
            5,
        ],
    }
    assert secrets_named_in(document) == {"LISTED", "REFERRED", "APART"}
    for odd in ({}, {"nodes": 5, "secrets": "A"}, {"nodes": None}):
        assert secrets_named_in(odd) == frozenset()
