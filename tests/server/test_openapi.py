"""The OpenAPI document is complete, and kept to whatever is sent."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
# What POST /execute is documented to answer with 500: the graph, not the server, is at fault.
GRAPH_CODES = {"cycle", "duplicate-id", "malformed-node", "malformed-edge", "malformed-version", "future-version"}
ROUTES = [
    ("GET", "/"), ("GET", "/health"), ("GET", "/get_schema"), ("GET", "/catalog/failures"),
    ("POST", "/execute"), ("POST", "/execute/stream"),
    ("POST", "/validate"), ("POST", "/runs"), ("GET", "/runs"), ("GET", "/runs/{run_id}"),
    ("GET", "/runs/{run_id}/events"), ("POST", "/runs/{run_id}/cancel"),
    ("GET", "/runs/{run_id}/values/{node}/{handle}"),
    ("GET", "/workflows"), ("GET", "/workflows/{name}"), ("PUT", "/workflows/{name}"), ("DELETE", "/workflows/{name}"),
    ("POST", "/workflows/{name}/rename"), ("POST", "/workflows/{name}/duplicate"),
    ("GET", "/logs"), ("GET", "/secrets"), ("PUT", "/secrets/{name}"), ("DELETE", "/secrets/{name}"),
    ("GET", "/templates"), ("GET", "/templates/{name}"), ("GET", "/templates/{name}/picture"),
    ("GET", "/assets/{path}"), ("GET", "/icon.svg"),
    ("GET", "/nodes"), ("POST", "/nodes"), ("POST", "/nodes/preview"), ("POST", "/nodes/cancel"),
    ("GET", "/nodes/generations"), ("POST", "/nodes/rollback"), ("DELETE", "/nodes/{name}"),
    ("POST", "/nodes/{name}/reload"), ("POST", "/nodes/{name}/disable"), ("POST", "/nodes/{name}/enable"),
    ("GET", "/pipelines"), ("GET", "/pipelines/status"), ("POST", "/pipelines/load"), ("POST", "/pipelines/unload"),
    ("GET", "/v1/plugins"), ("POST", "/v1/plugins"), ("DELETE", "/v1/plugins/{name}"),
    ("POST", "/v1/plugins/{name}/reload"), ("POST", "/v1/plugins/{name}/disable"),
    ("POST", "/v1/plugins/{name}/enable"), ("GET", "/v1/nodes/definitions"), ("GET", "/v1/pipelines/schemas"),
    ("POST", "/v1/pipeline/load"), ("GET", "/v1/pipeline/status"),
]  # fmt: skip
# These do not end, or end what the others are tried on.
NOT_TRIED = {("GET", "/events"), ("GET", "/nodes/events"), ("POST", "/restart"), ("POST", "/v1/restart")}
# What a change of the node packages is documented to answer with 500: the servers of these tests have no index.
CHANGE_CODES = {"network-unreachable", "uv-failed", "build-failed"}
few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    database=None,
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(max_size=5), parts, max_size=4),
    max_leaves=12,
)
ids = st.sampled_from(["a", "b", "c"])
nodes = st.fixed_dictionaries(
    {"id": ids, "type": st.sampled_from(["functionNode", "variableNode", "listNode", "viewNode", "odd", ""])},
    optional={
        "data": st.dictionaries(
            st.sampled_from(["functionName", "ref", "variableType", "variableValue", "inputCount", "a", "label", "x"]),
            json_values | st.sampled_from(["add", "String", "Image", "seed/ops.py:add", "__class__"]),
            max_size=5,
        )
    },
)
edges = st.fixed_dictionaries(
    {"source": ids, "target": ids},
    optional={"sourceHandle": st.text(max_size=3) | st.none(), "targetHandle": st.text(max_size=3) | st.none()},
)
graphs = st.fixed_dictionaries(
    {"nodes": st.lists(nodes | json_values, max_size=4), "edges": st.lists(edges | json_values, max_size=4)}
)


@pytest.fixture(scope="module")
def document(server: Any) -> dict[str, Any]:
    return httpx.get(server.url + "/openapi.json", trust_env=False).json()


@pytest.fixture(scope="module")
def shared_client(server: Any) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def test_every_route_is_described_with_its_problems_and_bodies(document: dict[str, Any]):
    described = {
        (method.upper(), path): operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert set(described) == {*ROUTES, *NOT_TRIED}
    for (method, _), operation in described.items():
        assert {"400", "401", "403", "421"} <= set(operation["responses"])
        assert operation["responses"]["400"]["content"].keys() == {"application/problem+json"}
        assert operation["description"]
        described_422 = operation["responses"].get("422", {}).get("content", {"application/problem+json": None})
        assert described_422.keys() == {"application/problem+json"}
        if "requestBody" in operation:
            assert operation["requestBody"]["content"].keys() == {"application/json"}
            assert {"413", "415"} <= set(operation["responses"]), method


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_whatever_is_sent_the_answer_is_one_that_is_described(
    server: Any, document: dict[str, Any], method: str, path: str
):
    operation = schemathesis.openapi.from_dict(document)[path][method]

    @few
    @given(case=operation.as_strategy())
    def check(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=server.url, headers={"Content-Type": "application/json"} if case.body else None)
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 500:
            problem = answer.json()
            assert set(codes(problem)) & GRAPH_CODES or problem["code"] in CHANGE_CODES, answer.text

    check()


def codes(problem: dict[str, Any]) -> list[str]:
    return [one["code"] for one in problem.get("errors", ())]


@few
@given(graph=graphs)
def test_any_graph_gives_results_or_says_what_is_wrong_with_it(shared_client: httpx.Client, graph: dict[str, Any]):
    answer = shared_client.post("/execute", json=graph)
    assert answer.status_code in {200, 500}, answer.text
    if answer.status_code == 500:
        assert set(codes(answer.json())) & GRAPH_CODES
    else:
        assert set(answer.json()["results"]) == {node["id"] for node in graph["nodes"] if node["type"] == "viewNode"}
    found = shared_client.post("/validate", json=graph).json()["diagnostics"]
    assert (answer.status_code == 500) == any(one["blocks"] == "graph" for one in found)


@few
@given(body=json_values)
def test_any_json_is_answered_without_a_server_error(shared_client: httpx.Client, body: object):
    for route in ("/execute/stream", "/runs"):
        assert shared_client.post(route, json=body).status_code in {200, 201, 400}
