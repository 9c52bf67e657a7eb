"""Copies of edges are cut out of a body's bytes, and whoever parses it afterwards never notices."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psynapse.model.migrations import migrate
from psynapse.server.copies import without_copies
from psynapse.server.parsing import parse
from psynapse.server.shrink import shrink

# Names that matter where they stand, names that only look so, and text that tries to be taken for JSON.
NAMES = st.sampled_from(["nodes", "data", "edges", "workflow", "version", "type", "id", 'x"edges', "edges\\", "", "é"])
TEXTS = st.sampled_from(["", "a", '"edges":[', '\\"edges":[1]', "]", "[", "}{", "\\", '"', "\u2028", 'é"]', "edges"])
LEAVES = st.one_of(TEXTS, st.text(max_size=4), st.integers(-3, 3), st.just(2**70), st.booleans(), st.none())
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)
EDGES = st.lists(VALUES, max_size=3)
SHARED = st.shared(EDGES, key="edges")


def objects(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects that may have the known fields, before or after others."""
    some = st.fixed_dictionaries({}, optional=known)
    other = st.dictionaries(NAMES, VALUES, max_size=2)
    return st.one_of(
        st.builds(lambda first, second: {**first, **second}, some, other),
        st.builds(lambda first, second: {**second, **first}, some, other),
    )


DATA = objects(edges=st.one_of(SHARED, SHARED, VALUES), label=TEXTS, mine=objects(edges=SHARED))
NODES = st.lists(st.one_of(objects(id=TEXTS, type=TEXTS, data=DATA), VALUES), max_size=4)
VERSIONS = st.sampled_from([0, 0, 1, 2, None, "1", 0.0, -1, True])
WORKFLOWS = objects(nodes=st.one_of(NODES, NODES, VALUES), edges=SHARED, version=VERSIONS)
DOCUMENTS = st.one_of(WORKFLOWS, WORKFLOWS, objects(workflow=WORKFLOWS, version=VERSIONS), VALUES)
WRITINGS = st.fixed_dictionaries(
    {
        "ensure_ascii": st.booleans(),
        "indent": st.sampled_from([None, None, 1]),
        "separators": st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]),
    }
)
# So often that the words alone make a body be looked at.
PADDING = b' , "pad": ["edges", "edges", "edges"] }'


def written(document: Any, writing: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, **writing).encode()
    if isinstance(document, dict) and document:
        return text[: text.rindex(b"}")] + PADDING
    return text


def migrated(parsed: Any) -> str:
    """What the server makes of a body, down to the order of fields and the types of numbers."""
    if isinstance(parsed, dict):
        parsed = dict(migrate(parsed))
        if isinstance(parsed.get("workflow"), dict):
            parsed["workflow"] = migrate(parsed["workflow"])
    return repr(parsed)


def outcome(body: bytes) -> str:
    try:
        return migrated(parse(body))
    except ValueError as error:
        return f"refused: {error}"


def outcome_of_shrinking(body: bytes) -> str:
    try:
        return outcome(shrink(body))
    except ValueError as error:
        return f"refused: {error}"


@given(DOCUMENTS, WRITINGS)
@example({"nodes": [{"data": {"edges": [1]}}], "version": 1}, {})
@example({"version": 0, "nodes": [{"data": {"edges": [["]"]]}}]}, {})
@example({"nodes": {"0": {"data": {"edges": [1]}}}}, {})
@example({"workflow": {"nodes": [{"data": {"edges": [{}], "edge": 1}}]}}, {})
def test_whatever_the_document_nothing_that_counts_is_lost(document: Any, writing: dict[str, Any]):
    body = written(document, writing)
    assert migrated(parse(without_copies(body))) == migrated(parse(body))


@given(DOCUMENTS, WRITINGS, st.data())
def test_what_is_no_json_is_refused_with_the_same_words(document: Any, writing: dict[str, Any], data: st.DataObject):
    body = bytearray(written(document, writing))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b'"', b"]", b"[", b"}", b"\\", b"\xff"])
        )
    assert outcome_of_shrinking(bytes(body)) == outcome(bytes(body))


def old_body(nodes: int, **root: Any) -> dict[str, Any]:
    copies = [{"id": f'e{n}"]', "source": f"n{n}", "target": f"n{n + 1}", "data": {"a": [1]}} for n in range(nodes)]
    boxes = [{"id": f"n{n}", "data": {"edges": copies, "label": "l", "x": {"edges": [n]}}} for n in range(nodes)]
    return {"nodes": boxes, "edges": copies, **root}


@pytest.mark.parametrize("inside", [False, True])
def test_copies_are_cut_out_and_nothing_else(inside: bool):
    graph, lean = old_body(20), old_body(20)
    for node in lean["nodes"]:
        node["data"]["edges"] = []
    body, expected = ({"workflow": graph}, {"workflow": lean}) if inside else (graph, lean)
    assert json.loads(without_copies(json.dumps(body).encode())) == expected


def test_copies_that_differ_are_cut_out_too():
    body = old_body(20)
    for number, node in enumerate(body["nodes"]):
        node["data"]["edges"] = body["edges"][:number]
    found = json.loads(without_copies(json.dumps(body).encode()))
    assert [node["data"]["edges"] for node in found["nodes"]] == [[]] * 20


@pytest.mark.parametrize("version", [1, 2, "0", None, 0.5])
def test_where_edges_in_data_may_be_data_they_stay(version: object):
    body = json.dumps(old_body(5, version=version)).encode()
    assert without_copies(body) is body


def test_a_name_that_may_be_version_in_disguise_leaves_the_body_alone():
    text = json.dumps(old_body(5)).encode()
    body = text[:-1] + rb', "v\u0065rsion": 1}'
    assert json.loads(body)["version"] == 1
    assert without_copies(body) is body


@pytest.mark.parametrize("copy", [b"[1,]", b"[nan]", b"[" * 300 + b"]" * 300, b'["\xff"]', b'["\\ud800"]', b"[1}"])
def test_a_copy_that_is_no_json_spoils_the_body_as_ever(copy: bytes):
    node = b'{"id": "a", "data": {"edges": ' + copy + b"}}"
    body = b'{"nodes": [' + b",".join([node] * 3) + b'], "edges": []}'
    with pytest.raises(ValueError, match="the body") as plainly:
        parse(body)
    with pytest.raises(ValueError, match="the body") as shrunk:
        shrink(body)
    assert str(shrunk.value) == str(plainly.value)


def test_the_deepest_copy_that_is_let_pass_is_the_deepest_that_ever_was():
    for depth in range(240, 260):
        node = b'{"data": {"edges": ' + b"[" * depth + b"]" * depth + b"}}"
        body = b'{"nodes": [' + b",".join([node] * 3) + b"]}"
        assert outcome(body) == outcome_of_shrinking(body)


def test_a_million_brackets_in_text_take_no_time():
    body = json.dumps({"nodes": [{"data": {"edges": ['[]{}\\"' * 200_000]}}] * 3}).encode()
    began = time.monotonic()
    assert len(without_copies(body)) < 200
    assert time.monotonic() - began < 5
