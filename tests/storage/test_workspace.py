"""The folder of workflow files: what is stored, what is refused, what is never overwritten."""

import json
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from psynapse.errors import WorkflowFileError
from psynapse.model.canonical import canonical_text, revision_of
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.workflow_names import UnusableName
from psynapse.storage.workspace import ANY, UnknownWorkflow, WorkflowConflict, WorkflowExists, Workspace

NEW: tuple[str, ...] = ()
posix = pytest.mark.skipif(sys.platform == "win32", reason="has links and file modes of its own")


def flow(*ids: str, **extra: Any) -> dict[str, Any]:
    return {**extra, "nodes": [{"id": id_, "type": "viewNode", "data": {}} for id_ in ids], "edges": []}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "flows")


def names(workspace: Workspace) -> list[str]:
    return [entry.name for entry in workspace.list()]


def test_a_folder_that_is_not_there_is_empty_and_made_when_it_is_needed(workspace: Workspace):
    assert workspace.list() == []
    workspace.write("one", flow("a"), NEW)
    assert names(workspace) == ["one"]


def test_what_is_written_is_the_canonical_text_and_its_revision(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    assert (workspace.folder / "one.json").read_text(encoding="utf-8") == stored.text == canonical_text(flow("a"))
    assert stored.revision == revision_of(stored.text)
    assert workspace.read("one") == stored
    (entry,) = workspace.list()
    assert (entry.revision, entry.nodes, entry.size, entry.problem) == (
        stored.revision,
        1,
        len(stored.text.encode()),
        "",
    )


def test_only_who_knows_the_revision_replaces_it(workspace: Workspace):
    first = workspace.write("one", flow("a"), NEW)
    second = workspace.write("one", flow("a", "b"), [first.revision])
    for known in (NEW, [first.revision], ["nonsense"]):
        with pytest.raises(WorkflowConflict) as caught:
            workspace.write("one", flow("c"), known)
        assert caught.value.current == second
    assert workspace.read("one") == second
    assert workspace.write("one", flow("c"), [ANY]).revision not in {first.revision, second.revision}


def test_a_workflow_that_was_deleted_meanwhile_is_a_conflict_too(workspace: Workspace):
    first = workspace.write("one", flow("a"), NEW)
    workspace.delete("one", [first.revision])
    with pytest.raises(WorkflowConflict) as caught:
        workspace.write("one", flow("b"), [first.revision])
    assert caught.value.current is None
    assert names(workspace) == []


def test_storing_what_is_stored_already_is_no_conflict_and_writes_nothing(workspace: Workspace):
    first = workspace.write("one", flow("a"), NEW)
    before = (workspace.folder / "one.json").stat()
    assert workspace.write("one", flow("a"), ["lost answer"]) == first
    assert (workspace.folder / "one.json").stat().st_ino == before.st_ino


def test_names_that_differ_in_capitals_are_the_same_workflow(workspace: Workspace):
    stored = workspace.write("Größe", flow("a"), NEW)
    assert workspace.read("GRÖSSE") == stored
    with pytest.raises(WorkflowConflict):
        workspace.write("größe", flow("b"), NEW)
    assert workspace.write("größe", flow("b"), [stored.revision]).name == "Größe"
    assert names(workspace) == ["Größe"]


def test_a_file_of_an_earlier_editor_is_read_as_one_of_this_version(workspace: Workspace):
    workspace.folder.mkdir()
    old = {
        "nodes": [
            {
                "id": "w",
                "type": "viewNode",
                "position": {"x": 1, "y": 2},
                "selected": True,
                "data": {"value": 8, "edges": []},
            }
        ],
        "edges": [],
    }
    (workspace.folder / "old.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(old).encode())
    read = workspace.read("old")
    assert json.loads(read.text) == {
        "version": 1,
        "nodes": [{"id": "w", "type": "viewNode", "data": {}}],
        "edges": [],
        "layout": {"w": {"x": 1, "y": 2}},
    }
    assert workspace.list()[0].revision == read.revision


def test_an_edit_on_disk_counts_and_one_of_spaces_alone_does_not(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    path = workspace.folder / "one.json"
    path.write_text(json.dumps(json.loads(stored.text)), encoding="utf-8")
    assert workspace.read("one").revision == workspace.list()[0].revision == stored.revision
    path.write_text(json.dumps(flow("a", "b")), encoding="utf-8")
    with pytest.raises(WorkflowConflict):
        workspace.write("one", flow("c"), [stored.revision])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"), (b"{", "not JSON"), (b"[]", "no workflow"), (b'"x"', "no workflow"), (b"{}", "no workflow"),
        (b'{"nodes": [], "edges": [], "version": 99}', "later version"), (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workflow_is_listed_with_its_problem_and_can_be_deleted(
    workspace: Workspace, content: bytes, words: str
):
    workspace.folder.mkdir()
    (workspace.folder / "bad.json").write_bytes(content)
    (entry,) = workspace.list()
    assert words in entry.problem
    with pytest.raises(WorkflowFileError, match=words):
        workspace.read("bad")
    with pytest.raises(WorkflowConflict) as caught:
        workspace.write("bad", flow("a"), NEW)
    assert caught.value.current
    assert (caught.value.current.revision, caught.value.current.text) == (entry.revision, "")
    workspace.delete("bad", [entry.revision])
    assert workspace.list() == []


def test_other_files_are_no_workflows_and_a_name_that_cannot_be_used_says_so(workspace: Workspace):
    workspace.write("one", flow("a"), NEW)
    for other in ("notes.txt", ".hidden.json", "tmp1234.part"):
        (workspace.folder / other).write_text("{}")
    (workspace.folder / "a+b.json").write_text(json.dumps(flow("a")))
    assert [(entry.name, bool(entry.problem)) for entry in workspace.list()] == [("a+b", True), ("one", False)]
    with pytest.raises(UnusableName):
        workspace.read("a+b")


@posix
def test_nothing_outside_the_folder_is_read_or_written_through_a_link(workspace: Workspace, tmp_path: Path):
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps(flow("secret")))
    workspace.folder.mkdir()
    (workspace.folder / "link.json").symlink_to(outside)
    (workspace.folder / "broken.json").symlink_to(tmp_path / "flows" / "nowhere")
    assert ["leads out" in entry.problem or "nowhere" in entry.problem for entry in workspace.list()] == [True, True]
    with pytest.raises(WorkflowFileError):
        workspace.read("link")
    with pytest.raises(WorkflowFileError):
        workspace.write("link", flow("a"), [ANY])
    with pytest.raises(WorkflowFileError):
        workspace.write("broken", flow("a"), [ANY])
    assert json.loads(outside.read_text()) == flow("secret")
    workspace.delete("link", [ANY])
    assert outside.exists()


@posix
def test_a_link_within_the_folder_stays_one(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    (workspace.folder / "also.json").symlink_to(workspace.folder / "one.json")
    workspace.write("also", flow("b"), [stored.revision])
    assert (workspace.folder / "also.json").is_symlink()
    assert workspace.read("one").text == workspace.read("also").text == canonical_text(flow("b"))


@posix
def test_a_pipe_that_is_called_like_a_workflow_is_not_waited_for(workspace: Workspace):
    workspace.folder.mkdir()
    os.mkfifo(workspace.folder / "pipe.json")
    assert "not a file" in workspace.list()[0].problem


@posix
def test_the_mode_of_a_file_stays_and_a_new_one_is_for_its_owner_alone(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    path = workspace.folder / "one.json"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    workspace.write("one", flow("b"), [stored.revision])
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_workflow_gets_another_name_that_is_free(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    workspace.write("two", flow("b"), NEW)
    with pytest.raises(WorkflowExists):
        workspace.rename("one", "TWO")
    assert workspace.rename("one", "One").name == "One"
    assert workspace.rename("One", "three").revision == stored.revision
    assert names(workspace) == ["three", "two"]
    with pytest.raises(UnknownWorkflow):
        workspace.rename("one", "four")


def test_copies_get_names_that_are_free(workspace: Workspace):
    stored = workspace.write("one", flow("a"), NEW)
    assert [workspace.duplicate("one").name for _ in range(3)] == ["one copy", "one copy 2", "one copy 3"]
    assert workspace.duplicate("one", "other").revision == stored.revision
    with pytest.raises(WorkflowExists):
        workspace.duplicate("one", "Other")
    long = workspace.write("東" * 66, flow("a"), NEW)
    assert workspace.duplicate(long.name).name == "東" * 60 + " copy"


def test_what_was_deleted_is_kept_for_a_month(workspace: Workspace):
    workspace.prune()
    stored = workspace.write("one", flow("a"), NEW)
    workspace.delete("one", [stored.revision])
    trash = workspace.folder / ".trash"
    (deleted,) = trash.iterdir()
    assert deleted.name.endswith("Z one.json")
    assert deleted.read_text(encoding="utf-8") == stored.text
    old = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y%m%dT%H%M%S.%fZ")
    (trash / f"{old} two.json").write_text("{}")
    (trash / "somebody's own.txt").write_text("")
    workspace.prune()
    assert {path.name for path in trash.iterdir()} == {deleted.name, "somebody's own.txt"}


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.read("gone"), lambda it: it.delete("gone", [ANY]), lambda it: it.rename("gone", "x"),
        lambda it: it.duplicate("gone"),
    ],
)  # fmt: skip
def test_a_workflow_that_is_not_there_is_named(workspace: Workspace, change: Callable[[Workspace], object]):
    with pytest.raises(UnknownWorkflow, match="gone"):
        change(workspace)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.read("../x"), lambda it: it.write("../x", flow(), NEW), lambda it: it.delete("../x", [ANY]),
        lambda it: it.rename("one", "../x"), lambda it: it.duplicate("one", "../x"),
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(workspace: Workspace, tmp_path: Path, change: Callable[[Workspace], object]):
    workspace.write("one", flow("a"), NEW)
    (tmp_path / "x.json").write_text(json.dumps(flow("outside")))
    with pytest.raises(UnusableName):
        change(workspace)
    assert (tmp_path / "x.json").exists()
    assert names(workspace) == ["one"]


def test_a_disk_that_refuses_is_unavailable_and_leaves_what_was_there(workspace: Workspace, tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable) as caught:
        Workspace(tmp_path / "file" / "flows").write("one", flow("a"), NEW)
    assert "PSYNAPSE_WORKFLOWS_DIR" in caught.value.hint


def test_of_many_writers_with_the_same_revision_one_wins(workspace: Workspace):
    first = workspace.write("one", flow("a"), NEW)
    won: list[str] = []
    lost: list[int] = []

    def write(number: int) -> None:
        try:
            won.append(workspace.write("one", flow("a", f"by {number}"), [first.revision]).revision)
        except WorkflowConflict:
            lost.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert won == [workspace.read("one").revision]
    assert len(lost) == 7
