"""``GET /logs``: what the server has said last, page by page, for its own pages alone and without secrets."""

from pathlib import Path
from typing import Any

import httpx
import pytest

TOKEN = "a-token-for-the-log-tests"


def lines(client: httpx.Client, **query: int) -> list[dict[str, Any]]:
    answer = client.get("/logs", params=query)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["lines"]


def test_the_log_begins_with_the_start_and_goes_on_with_what_happens(
    start_server: Any, nodepacks: Path, tmp_path: Path
):
    with start_server() as started, started.client() as client:
        page = client.get("/logs").json()
        assert page["boot_id"] == client.get("/health").json()["boot_id"]
        assert page["first"] == 1
        assert page["last"] == len(page["lines"])
        assert any(line["text"].endswith("has started") for line in page["lines"])
        assert {line["earlier"] for line in page["lines"]} == {False}
        client.put("/workflows/a", json={"nodes": [], "edges": []}, headers={"If-None-Match": "*"})
        assert lines(client, after=page["last"]) == lines(client)[page["last"] :]
        assert lines(client, limit=1) == page["lines"][:1]
        assert lines(client, after=page["last"] + 1_000) == []


def test_a_supervisors_file_is_shown_before_what_is_said_now(start_server: Any, tmp_path: Path):
    file = tmp_path / "server.log"
    file.write_text("2024-01-02 03:04:05,678 ERROR psynapse: it fell\n--- the server has ended with exit code -9\n")
    with start_server(env={"PSYNAPSE_LOG_FILE": str(file)}) as started, started.client() as client:
        first, second, *rest = lines(client)
        assert (first["level"], first["text"], first["earlier"]) == ("error", "it fell", True)
        assert second["text"] == "--- the server has ended with exit code -9"
        assert {line["earlier"] for line in rest} == {False}


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=2001", "limit=", "after=1.5"])
def test_what_is_no_page_is_refused(client: httpx.Client, query: str):
    assert client.get(f"/logs?{query}").status_code == 400


def test_only_the_servers_own_pages_may_read_it(start_server: Any):
    env = {"CORS_ORIGINS": "https://friend.example"}
    with start_server(env=env) as started, started.client() as client:
        assert client.get("/get_schema", headers={"Origin": "https://friend.example"}).status_code == 200
        for origin in ("https://friend.example", "https://evil.example", "null"):
            answer = client.get("/logs", headers={"Origin": origin})
            assert answer.status_code == 403
            assert answer.json()["code"] == "foreign-origin"
        assert client.get("/logs", headers={"Origin": started.url}).status_code == 200
        assert client.get("/logs", headers={"Host": "evil.example"}).status_code == 421


def test_who_needs_the_token_needs_it_for_the_log_and_never_finds_it_there(start_server: Any):
    with start_server(env={"PSYNAPSE_TOKEN": TOKEN}) as started, started.client() as client:
        assert client.get("/logs").status_code == 401
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        said = client.get("/logs")
        assert said.status_code == 200
        assert TOKEN not in said.text
        assert TOKEN not in started.said
