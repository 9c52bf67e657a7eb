"""What is told to everybody who listens: a greeting, then whatever changes, whoever changed it."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from psynapse.model.canonical import canonical_text, revision_of

EMPTY = {"nodes": [], "edges": []}


class Ear:
    """Listens to a server's announcements."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()

    def next(self) -> dict[str, Any]:
        return json.loads(next(line for line in self._lines if line.startswith("data: ")).removeprefix("data: "))

    def until(self, **wanted: object) -> dict[str, Any]:
        """The first announcement with these fields, whatever else is told before."""
        while True:
            told = self.next()
            if all(told.get(name, ...) == value for name, value in wanted.items()):
                return told


@contextmanager
def listening(client: httpx.Client) -> Generator[Ear]:
    with client.stream("GET", "/events", timeout=30) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-cache"
        yield Ear(answer)


def test_the_first_word_tells_one_start_of_the_server_from_the_next(client: httpx.Client):
    with listening(client) as ear:
        assert ear.next() == {"type": "hello", "boot_id": client.get("/health").json()["boot_id"]}


def test_changed_workflows_and_secrets_are_told(client: httpx.Client):
    with listening(client) as ear:
        stored = client.put("/workflows/told", json=EMPTY, headers={"If-None-Match": "*"}).json()
        assert ear.until(type="workflow", name="told")["revision"] == stored["revision"]
        client.post("/workflows/told/rename", json={"to": "retold"})
        assert {ear.next()["name"] for _ in range(2)} == {"told", "retold"}
        client.delete("/workflows/retold", headers={"If-Match": "*"})
        assert ear.next() == {"type": "workflow", "name": "retold", "revision": None}
        client.put("/secrets/TOLD", json={"value": "hush-hush"})
        assert ear.next() == {"type": "secrets"}


def test_runs_are_told_when_they_begin_and_end(client: httpx.Client, flows: Any):
    with listening(client) as ear:
        run = client.post("/runs", json={"workflow": flows.worked_example()}).json()
        assert ear.until(type="runs", id=run["id"])["status"] in {"queued", "running"}
        assert ear.until(type="runs", id=run["id"]) == {"type": "runs", "id": run["id"], "status": "succeeded"}


def test_files_that_others_change_are_told(start_server: Any, tmp_path: Path):
    folder = tmp_path / "data" / "workflows"
    with start_server() as started, started.client() as visitor, listening(visitor) as ear:
        ear.next()
        visitor.put("/workflows/one", json=EMPTY, headers={"If-None-Match": "*"})
        ear.until(type="workflow", name="one")
        document = {"nodes": [{"id": "a", "type": "viewNode", "data": {}}], "edges": []}
        (folder / "one.json").write_text(json.dumps(document))
        assert ear.until(type="workflow", name="one")["revision"] == revision_of(canonical_text(document))
        (folder / "one.json").unlink()
        assert ear.until(type="workflow", name="one")["revision"] is None


def test_changed_nodepacks_are_told_with_the_revision_of_the_schemas(start_server: Any, nodepacks: Path):
    pack = nodepacks / "announced"
    with start_server() as started, started.client() as visitor, listening(visitor) as ear:
        pack.mkdir()
        (pack / "ops.py").write_text("def announced() -> int:\n    return 1\n")
        try:
            told = ear.until(type="catalog")
            answer = visitor.get("/get_schema")
        finally:
            (pack / "ops.py").unlink()
            pack.rmdir()
    assert answer.headers["etag"] == told["revision"] or b"announced" in answer.content


@pytest.mark.parametrize("listeners", [3])
def test_several_listen_at_once_and_an_end_of_the_server_ends_them(start_server: Any, listeners: int):
    with start_server() as started, started.client() as visitor:
        streams = [visitor.stream("GET", "/events") for _ in range(listeners)]
        answers = [stream.__enter__() for stream in streams]
        assert all(Ear(answer).next()["type"] == "hello" for answer in answers)
        started.process.terminate()
        assert started.process.wait(8) == 0
        for stream in streams:
            stream.__exit__(None, None, None)
