"""The one text of a workflow: the same for equal ones, a line for each thing that can change, nothing lost."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import WorkflowFileError
from psynapse.model.canonical import canonical, canonical_text, revision_of

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
names = st.text(max_size=6)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
objects = st.dictionaries(names, json_values, max_size=3)
ids = st.sampled_from(["a", "b", "c", "10", "2"])
places = st.dictionaries(
    st.sampled_from(["x", "y", "width", "height", "collapsed", "color", "icon", "theirs"]), json_values
)


def odd(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    return json_values | st.tuples(objects, st.fixed_dictionaries({}, optional=known)).map(
        lambda pair: {**pair[0], **pair[1]}
    )


nodes = odd({"id": ids | json_values, "type": json_values, "data": objects | json_values, "position": places})
edges = odd({"id": json_values, "source": ids, "target": ids, "sourceHandle": json_values, "selected": scalars})
documents = st.tuples(
    objects,
    st.fixed_dictionaries(
        {"nodes": st.lists(nodes, max_size=5)},
        optional={
            "edges": st.lists(edges, max_size=4) | json_values,
            "layout": st.dictionaries(ids, places | json_values, max_size=4) | json_values,
            "notes": st.lists(odd({"id": ids, "x": json_values, "width": json_values}), max_size=3) | json_values,
        },
    ),
).map(lambda pair: {**pair[0], **pair[1]})
good_nodes = st.lists(ids, unique=True, max_size=5).flatmap(
    lambda chosen: st.tuples(
        *(
            st.fixed_dictionaries({"id": st.just(id_), "type": st.just("functionNode"), "data": objects})
            for id_ in chosen
        )
    ).map(list)
)
STALE = {"edges", "executionStatus", "params", "returns", "docstring", "removedInputIndex"}


def shuffled(value: Any) -> Any:
    """The same JSON object with its fields the other way round; what is deeper keeps its order."""
    return dict(reversed(value.items()))


@given(documents)
def test_the_text_of_a_text_is_itself(document: dict[str, Any]):
    text = canonical_text(document)
    assert canonical_text(json.loads(text)) == text
    assert json.loads(text) == canonical(document)


@given(documents)
def test_the_order_of_fields_makes_no_difference(document: dict[str, Any]):
    other = shuffled(
        {**document, "nodes": [shuffled(one) if isinstance(one, dict) else one for one in document["nodes"]]}
    )
    assert revision_of(canonical_text(other)) == revision_of(canonical_text(document))


@given(good_nodes, objects)
def test_values_and_fields_that_are_not_ours_are_kept(nodes: list[dict[str, Any]], extra: dict[str, Any]):
    read = json.loads(canonical_text({**extra, "nodes": nodes, "edges": []}))
    for name, value in extra.items():
        assert name in {"version", "layout", "notes", "nodes", "edges"} or read[name] == value
    for before, after in zip(nodes, read["nodes"], strict=True):
        assert after["data"] == {name: value for name, value in before["data"].items() if name not in STALE}


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in EXAMPLES])
def test_a_changed_value_changes_one_line(path: Path):
    document = json.loads(path.read_text(encoding="utf-8"))
    before = canonical_text(document).splitlines()
    document["nodes"][0]["data"]["changed"] = [1, {"deep": "text"}]
    with_value = canonical_text(document).splitlines()
    document["nodes"][0]["data"]["changed"] = {"other": 2}
    after = canonical_text(document).splitlines()
    assert len([1 for one, other in zip(with_value, after, strict=True) if one != other]) == 1
    assert len(with_value) == len(before) + 1


def test_the_text_is_laid_out_by_what_changes_together():
    text = canonical_text(
        {
            "title": "Ours",
            "nodes": [
                {"id": "a", "type": "viewNode", "position": {"x": 0.6, "y": -1.5}, "data": {"b": [1, 2], "a": 1}}
            ],
            "edges": [{"source": "a", "target": "a"}],
            "notes": [{"id": "n"}],
        }
    )
    assert text.splitlines() == [
        "{",
        '  "version": 1,',
        '  "title": "Ours",',
        '  "nodes": [',
        "    {",
        '      "id": "a",',
        '      "type": "viewNode",',
        '      "data": {',
        '        "a": 1,',
        '        "b": [1,2]',
        "      }",
        "    }",
        "  ],",
        '  "edges": [',
        '    {"id":"a.-a.","source":"a","target":"a"}',
        "  ],",
        '  "layout": {',
        '    "a": {"x":1,"y":-1}',
        "  },",
        '  "notes": [',
        '    {"id":"n","text":"","x":0,"y":0,"width":240,"height":160}',
        "  ]",
        "}",
    ]
    assert text.endswith("}\n")


def test_the_smallest_workflow_is_short():
    assert canonical_text({"nodes": []}) == '{\n  "version": 1,\n  "nodes": [],\n  "edges": [],\n  "layout": {}\n}\n'


def test_sizes_and_places_that_cannot_be_are_left_out():
    layout = {"a": {"x": 1e300, "y": 10**400, "width": 0.2, "height": float("inf")}}
    place = json.loads(canonical_text({"nodes": [{"id": "a"}], "layout": layout}))["layout"]["a"]
    assert place == {"x": 1e300, "y": 0, "width": 1}


def test_a_revision_is_the_sha_256_of_the_text():
    assert revision_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "no workflow"), ([], "no workflow"), ({}, "no workflow"), ({"nodes": {}}, "no workflow"),
        ({"nodes": [], "version": 2}, "later version"), ({"nodes": [], "version": 10**500}, "later version"),
        ({"nodes": [], "version": 1.5}, "later version"),
    ],
)  # fmt: skip
def test_what_is_no_workflow_of_a_known_version_is_refused_with_a_hint(document: object, words: str):
    with pytest.raises(WorkflowFileError, match=words) as caught:
        canonical_text(document)
    assert caught.value.hint
