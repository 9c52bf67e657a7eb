"""HEAD is answered with the head of GET."""

import httpx
import pytest


@pytest.mark.parametrize("path", ["/", "/health", "/get_schema", "/openapi.json", "/icon.svg", "/runs", "/nowhere"])
def test_the_head_is_the_one_that_get_has(client: httpx.Client, path: str):
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    # The length may be left out, but never be another one.
    assert head.headers.get("content-length", whole.headers["content-length"]) == whole.headers["content-length"]
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_a_stream_is_over_with_its_head(client: httpx.Client):
    head = client.head("/events", timeout=10)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"].startswith("text/event-stream")


def test_what_is_only_posted_has_none(client: httpx.Client):
    head = client.head("/execute")
    assert (head.status_code, head.headers["allow"]) == (405, "POST")
