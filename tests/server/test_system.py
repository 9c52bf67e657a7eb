import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import psynapse


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_root_has_a_word_for_programs_and_a_page_for_browsers(client: httpx.Client, prefix: str):
    assert client.get(f"{prefix}/").json() == {"message": "Psynapse Backend API"}
    page = client.get(f"{prefix}/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<title>Psynapse</title>" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_health_tells_one_start_from_the_next(client: httpx.Client, start_server: Any):
    health = client.get("/health").json()
    assert (health["status"], health["version"]) == ("healthy", psynapse.__version__)
    assert (datetime.now(UTC) - datetime.fromisoformat(health["started_at"])).total_seconds() < 600
    assert client.get("/api/health").json() == health
    with start_server() as other:
        assert httpx.get(other.url + "/health", trust_env=False).json()["boot_id"] != health["boot_id"]


def test_schemas_are_as_documented(client: httpx.Client):
    schemas = {schema["ref"]: schema for schema in client.get("/get_schema").json()}
    add = schemas["seed/ops.py:add"]
    assert (add["name"], add["docstring"], add["is_progress_node"], add["is_stream_node"]) == (
        "add",
        "Add.",
        False,
        False,
    )
    assert [(param["name"], param["type"], param["required"]) for param in add["params"]] == [
        ("a", "float", True), ("b", "float", True),
    ]  # fmt: skip
    assert add["returns"] == [{"name": "result", "type": "float"}]
    assert schemas["seed/progress_ops.py:MyProgressOperation"]["is_progress_node"] is True
    assert schemas["seed/stream_ops.py:MyStreamOperation"]["is_stream_node"] is True


def test_schemas_that_have_not_changed_are_not_sent_again(client: httpx.Client):
    first = client.get("/get_schema")
    tag = first.headers["etag"]
    again = client.get("/get_schema", headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/get_schema", headers={"If-None-Match": '"other"'}).content == first.content


def test_what_failed_to_load_is_listed_with_the_reason(start_server: Any, nodepacks: Path, client: httpx.Client):
    assert client.get("/catalog/failures").json() == []
    pack = nodepacks / "broken"
    pack.mkdir()
    (pack / "ops.py").write_text("def fine() -> int:\n    return 1\n\nimport not_there_at_all\n")
    try:
        with start_server() as started, started.client() as visitor:
            (failure,) = visitor.get("/api/catalog/failures").json()
    finally:
        (pack / "ops.py").unlink()
        pack.rmdir()
    assert (failure["nodepack"], failure["name"], failure["error_type"]) == ("broken", "", "ModuleNotFoundError")
    assert failure["filepath"].endswith("broken/ops.py")
    assert "not_there_at_all" in failure["message"]
    assert "line 4" in failure["traceback"]
    assert failure["hint"]


def test_a_changed_nodepack_changes_the_schemas_without_a_restart(start_server: Any, nodepacks: Path):
    pack = nodepacks / "later"
    with start_server() as started, started.client() as visitor:
        before = visitor.get("/get_schema")
        pack.mkdir()
        (pack / "ops.py").write_text("def brand_new() -> int:\n    return 1\n")
        try:
            end = time.monotonic() + 15
            while b"brand_new" not in visitor.get("/get_schema").content and time.monotonic() < end:
                time.sleep(0.1)
            after = visitor.get("/get_schema", headers={"If-None-Match": before.headers["etag"]})
        finally:
            (pack / "ops.py").unlink()
            pack.rmdir()
    assert b"brand_new" in after.content
    assert after.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize(
    ("method", "path", "status", "detail"),
    [
        ("GET", "/nowhere", 404, "Not Found"), ("GET", "/execute", 405, "Method Not Allowed"),
        ("GET", "/docs", 404, "Not Found"), ("DELETE", "/runs", 405, "Method Not Allowed"),
        ("GET", "/api/api/health", 404, "Not Found"),
    ],
)  # fmt: skip
def test_a_wrong_address_or_method_is_a_problem(client: httpx.Client, method: str, path: str, status: int, detail: str):
    answer = client.request(method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def test_a_graceful_end_closes_open_streams_within_seconds(start_server: Any, flows: Any, tmp_path: Path):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    with start_server() as started, started.client() as visitor:
        with visitor.stream("POST", "/execute/stream", json=flows.one(node)) as answer:
            assert next(answer.iter_lines())
            began = time.monotonic()
            started.process.terminate()
            started.process.wait(15)
        assert time.monotonic() - began < 8
