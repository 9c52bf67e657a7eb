"""Plans and catalogs as JSON, there and back."""

from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.errors import WorkerError
from psynapse.model.authoring import EXECUTOR_NAMES
from psynapse.model.catalog import Catalog, LoadFailure
from psynapse.model.ids import Json, NodeId, Ref
from psynapse.model.json_text import dumps, loads
from psynapse.model.packages import NodePackage, PipelineInfo, PipelineState
from psynapse.model.schema import MISSING, NodeSchema, Param, Return
from psynapse.model.types import TypeExpr, parse_type
from psynapse.model.workflow import Edge, Node, Workflow
from psynapse.planning.plan import Input, Plan
from psynapse.planning.planner import make_plan
from psynapse.worker.transfer import (
    catalog_from_json,
    catalog_to_json,
    pipeline_states_from_json,
    plan_from_json,
    plan_to_json,
)

PARAMS = (Param(name="a", type=parse_type("int"), required=False), Param(name="b", required=False))
CATALOG = Catalog((NodeSchema(ref=Ref("p/ops.py:f"), name="f", nodepack="p", filepath="ops.py", params=PARAMS),))

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=4)
)
json_values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=8), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=10,
)
words = st.text(max_size=6)
literal_types = st.lists(scalars, min_size=1, max_size=3).map(lambda them: TypeExpr("Literal", (), tuple(them)))
types = st.one_of(
    st.sampled_from(["int", "list[dict[str, Any]]", "int | None", "tuple[int, ...]", "Callable[[int], str]"]).map(
        parse_type
    ),
    literal_types,
)
params = st.builds(
    Param,
    name=words,
    type=types,
    required=st.booleans(),
    default=json_values | st.just(MISSING),
    default_repr=words,
    literal_values=st.lists(scalars, max_size=3).map(tuple),
    json_schema=st.dictionaries(words, json_values, max_size=2),
    passing=st.sampled_from(["keyword", "positional", "spread", "spread_mapping"]),
)
schemas = st.builds(
    NodeSchema,
    ref=words.map(Ref),
    name=words,
    nodepack=words,
    filepath=words,
    params=st.lists(params, max_size=3).map(tuple),
    returns=st.lists(st.builds(Return, words, types), max_size=2).map(tuple),
    docstring=words,
    style=st.sampled_from(["function", "progress", "stream"]),
    is_async=st.booleans(),
    line=st.integers(),
    code=words,
    origin=st.sampled_from(["user", "shipped", "package"]),
    executor=st.sampled_from([None, *EXECUTOR_NAMES]),
    cache=st.booleans(),
)
failures = st.builds(
    LoadFailure,
    nodepack=words,
    filepath=words,
    error_type=words,
    message=words,
    traceback=words,
    hint=words,
    name=words,
)
catalogs = st.builds(Catalog, st.lists(schemas, max_size=3).map(tuple), st.lists(failures, max_size=2).map(tuple))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Plans with tasks that run and tasks that are blocked."""
    kinds = st.sampled_from(["functionNode", "variableNode", "listNode", "viewNode", "nope"])
    ids = draw(st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=6))
    nodes = [Node(NodeId(name), draw(kinds), {"functionName": "f", "b": draw(json_values)}) for name in ids]
    handles = st.sampled_from([None, "a", "b", "k"])
    edges = [
        Edge(nodes[draw(st.integers(0, index - 1))].id, nodes[index].id, draw(handles), draw(handles))
        for index in range(1, len(nodes))
    ]
    return make_plan(Workflow(tuple(nodes), tuple(edges)), CATALOG)


def sent(document: Json) -> Json:
    return loads(dumps(document))


@given(plans())
@settings(max_examples=50)
def test_a_plan_that_is_sent_is_the_plan_that_arrives_but_for_its_diagnostics(plan: Plan):
    arrived = plan_from_json(sent(plan_to_json(plan)))
    assert repr(arrived.tasks) == repr(plan.tasks)
    assert arrived.patterns == plan.patterns
    assert arrived.targets == plan.targets
    assert arrived.diagnostics == ()


@given(plans(), plans())
@settings(max_examples=50)
def test_a_plan_arrives_the_same_whatever_was_sent_before_it(plan: Plan, before: Plan):
    arrived = plan_from_json(sent(plan_to_json(plan)), before)
    assert repr(arrived.tasks) == repr(plan.tasks)
    assert arrived.targets == plan.targets


@given(plans())
@settings(max_examples=50)
def test_tasks_that_have_not_changed_are_those_of_the_plan_before(plan: Plan):
    before = plan_from_json(sent(plan_to_json(plan)))
    again = plan_from_json(sent(plan_to_json(plan)), before)
    for task, earlier in zip(again.tasks, before.tasks, strict=True):
        mutable = any(isinstance(value, (list, dict)) for value in earlier.constants.values())
        assert (task is earlier) != mutable


@given(plans(), plans())
@settings(max_examples=50)
def test_a_plan_read_with_the_one_before_is_the_plan_and_shares_its_tasks(before: Plan, after: Plan):
    previous = plan_from_json(loads(dumps(plan_to_json(before))))
    document = loads(dumps(plan_to_json(after)))
    assert repr(plan_from_json(document, previous)) == repr(plan_from_json(document))
    again = plan_from_json(loads(dumps(plan_to_json(before))), previous)
    for task, earlier in zip(again.tasks, previous.tasks, strict=True):
        has_container = any(isinstance(value, (list, dict)) for value in task.constants.values())
        assert (task is earlier) != has_container


@given(
    json_values
    | st.fixed_dictionaries(
        {
            "patterns": json_values | st.just([["functionNode", "f", None, [["x", None]]]]),
            "numbers": json_values | st.lists(st.integers(-1, 1), max_size=3),
            "nodes": json_values | st.lists(st.text(), max_size=3),
            "constants": json_values | st.lists(st.just({}), max_size=3),
            "sources": json_values | st.lists(st.integers(-1, 3), max_size=3),
            "names": json_values | st.dictionaries(st.sampled_from("012x"), st.text()),
            "blocked": json_values | st.just({}),
            "targets": json_values | st.just([]),
        }
    )
)
def test_what_is_no_plan_is_refused(document: Any):
    try:
        plan = plan_from_json(document)
    except WorkerError as error:
        refused = str(error)
    else:
        refused = ""
        assert len(plan.tasks) == len(document["nodes"])
    assert not refused or refused.startswith("this is no plan")


NOTHING: Final[dict[str, Json]] = {
    **{column: [] for column in ("patterns", "numbers", "nodes", "constants", "sources", "targets")},
    "names": {},
    "blocked": {},
}
ONE_TASK: Final[dict[str, Json]] = NOTHING | {
    "patterns": [["viewNode", "View", None, [["input", None]]]],
    "numbers": [0],
    "nodes": ["v"],
    "constants": [{}],
    "sources": [0],
}


def test_the_one_task_below_is_a_plan_until_something_is_wrong_with_it():
    assert plan_from_json(NOTHING) == Plan()
    assert [task.inputs for task in plan_from_json(ONE_TASK).tasks] == [(Input("input", 0),)]


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"nodes": [], "targets": []},
        *(NOTHING | part for part in ({"patterns": [[]]}, {"blocked": {"0": {}}}, {"names": {"0": "a"}})),
        *(NOTHING | {"targets": [], "numbers": [0], "nodes": nodes, "constants": [{}]} for nodes in (3, [], ["a"])),
        *(ONE_TASK | part for part in ({"sources": []}, {"numbers": ["0"]}, {"names": {"x": "a"}}, {"blocked": []})),
    ],
)
def test_some_of_what_is_no_plan(document: Any):
    with pytest.raises(WorkerError, match="this is no plan"):
        plan_from_json(document)


@given(catalogs)
@settings(max_examples=50, deadline=None)
def test_a_catalog_that_is_sent_is_the_catalog_that_arrives(catalog: Catalog):
    arrived = catalog_from_json(sent(catalog_to_json(catalog)))
    # By their text, because to Python the literals 1 and True are equal.
    assert repr(arrived) == repr(catalog)
    assert arrived == catalog


def test_a_missing_default_is_not_a_default_of_none():
    (schema,) = CATALOG.schemas
    wanted = [MISSING, None]
    param = [replace(PARAMS[0], default=default) for default in wanted]
    catalog = Catalog((replace(schema, params=tuple(param)),))
    arrived = catalog_from_json(sent(catalog_to_json(catalog)))
    assert [param.default for param in arrived.schemas[0].params] == wanted


@given(json_values | st.fixed_dictionaries({"schemas": json_values, "failures": json_values}))
def test_what_is_no_catalog_is_refused(document: Any):
    try:
        catalog = catalog_from_json(document)
    except WorkerError as error:
        refused = str(error)
    else:
        refused = ""
        assert len(catalog.schemas) == len(document["schemas"])
    assert not refused or refused.startswith("this is no catalog")


@pytest.mark.parametrize("part", ["schemas", "failures", "ref", "params", "returns", "cache"])
@pytest.mark.parametrize("change", ["left out", "a number", "a list with a number in it"])
def test_a_catalog_with_a_part_broken_is_refused(part: str, change: str):
    document: Any = sent(catalog_to_json(CATALOG))
    holder = document if part in document else document["schemas"][0]
    if change == "left out":
        del holder[part]
    elif part in {"ref", "cache"}:
        document["schemas"] = 7 if change == "a number" else [7]
    else:
        holder[part] = 7 if change == "a number" else [7]
    with pytest.raises(WorkerError, match="this is no catalog"):
        catalog_from_json(document)


def with_type(written: Json) -> Json:
    document: Any = sent(catalog_to_json(CATALOG))
    document["schemas"][0]["params"][0]["type"] = written
    return document


@given(st.text(max_size=8))
def test_a_type_is_read_or_the_catalog_refused(written: str):
    try:
        arrived = catalog_from_json(with_type(written))
    except WorkerError as error:
        refused = str(error)
    else:
        refused = ""
        assert arrived.schemas[0].params[0].type == parse_type(written)
    assert not refused or refused.startswith("this is no catalog")


@pytest.mark.parametrize("written", [None, 7, True, "1 +", "x" * 100_000])
def test_a_type_that_is_none_is_refused(written: Json):
    with pytest.raises(WorkerError, match="this is no catalog"):
        catalog_from_json(with_type(written))


@pytest.mark.parametrize("written", [[], [1], {}, {"a": 1}])
def test_a_list_or_an_object_is_no_type(written: Json):
    with pytest.raises(WorkerError, match="this is no catalog"):
        catalog_from_json(with_type(written))


several_words = st.lists(words, max_size=3).map(tuple)
load_failures = st.builds(
    LoadFailure, **dict.fromkeys(("nodepack", "filepath", "error_type", "message", "name", "package"), words)
)
pipelines = st.builds(
    PipelineInfo,
    id=words,
    name=words,
    schema=st.dictionaries(words, json_values, max_size=2),
    load_params=several_words,
    usage=several_words,
    estimated_vram_gb=st.none() | st.floats(0, 100),
)
packages = st.builds(
    NodePackage,
    name=words,
    version=words,
    summary=words,
    author=words,
    pipelines=st.lists(pipelines, max_size=2).map(tuple),
    node_types=several_words,
    nodepacks=several_words,
    failures=st.lists(load_failures, max_size=2).map(tuple),
)
states = st.builds(
    PipelineState,
    pipeline_id=words,
    state=st.sampled_from(["loaded", "error"]),
    load_params=st.dictionaries(words, json_values, max_size=2),
    error=words,
    traceback=words,
)


@settings(max_examples=50)
@given(st.lists(packages, max_size=3).map(tuple), st.lists(load_failures, max_size=2).map(tuple))
def test_packages_and_failures_come_back_as_they_were(
    found: tuple[NodePackage, ...], failures: tuple[LoadFailure, ...]
):
    catalog = Catalog((), failures, found)
    back = catalog_from_json(loads(dumps(catalog_to_json(catalog))))
    assert (back.packages, back.failures) == (found, failures)


@settings(max_examples=50)
@given(st.lists(states, max_size=3).map(tuple))
def test_pipelines_come_back_as_they_were(found: tuple[PipelineState, ...]):
    assert pipeline_states_from_json(loads(dumps([state.to_json() for state in found]))) == found


@pytest.mark.parametrize("document", [7, [7], [{}], [{"pipeline_id": "a"}], None])
def test_what_is_no_list_of_pipelines_is_an_error(document: Json):
    with pytest.raises(WorkerError, match="these are no pipelines"):
        pipeline_states_from_json(document)
