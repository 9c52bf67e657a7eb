"""What a function node can be, and how it is sent."""

import json
from typing import Any

from psynapse.model.ids import Ref
from psynapse.model.schema import NodeSchema, Param, Return
from psynapse.model.types import parse_type

SCHEMA = NodeSchema(
    ref=Ref("p/ops.py:f"),
    name="f",
    nodepack="p",
    filepath="ops.py",
    params=(
        Param(name="a", type=parse_type("list[int] | None"), json_schema={"type": "array"}),
        Param(
            name="b",
            type=parse_type("Literal['x', 1, True]"),
            required=False,
            default=None,
            literal_values=("x", 1, True),
        ),
        Param(name="c", required=False, default_repr="<object>"),
    ),
    returns=(Return("head", parse_type("int")), Return("tail")),
    style="stream",
)


def sent() -> Any:
    return json.loads(json.dumps(SCHEMA.to_json()))


def test_a_parameter_is_found_by_name():
    assert SCHEMA.param("b") is SCHEMA.params[1]
    assert SCHEMA.param("z") is None


def test_types_keep_their_arguments_except_that_a_literal_is_sent_apart_from_its_options():
    a, b, c = sent()["params"]
    assert (a["type"], b["type"], c["type"]) == ("list[int] | None", "Literal", "Any")
    assert b["literal_values"] == ["x", 1, True]
    assert "literal_values" not in a


def test_a_default_of_none_is_not_the_absence_of_a_default():
    a, b, c = sent()["params"]
    assert "default" not in a
    assert b["default"] is None
    assert "default" not in c
    assert c["default_repr"] == "<object>"
    assert [param["required"] for param in (a, b, c)] == [True, False, False]


def test_a_schema_says_whether_it_reports_progress_or_streams():
    assert (sent()["is_progress_node"], sent()["is_stream_node"], sent()["style"]) == (False, True, "stream")
    assert sent()["returns"] == [{"name": "head", "type": "int"}, {"name": "tail", "type": "Any"}]
    assert (sent()["ref"], sent()["nodepack"]) == ("p/ops.py:f", "p")
