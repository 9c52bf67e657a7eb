"""The three text files say what is current, and are written only when they do not."""

from pathlib import Path

from stored import make_generation

from psynapse.environments.generation import BASE_ALONE
from psynapse.environments.projections import projections, stale_projections, write_projections


def test_they_list_what_was_asked_for_what_that_takes_and_what_there_was_before():
    texts = projections(make_generation(2, "scope-a", "scope-b"), make_generation(1, "scope-a"))
    assert texts == {
        "nodes.txt": "scope-a\nscope-b\n",
        "resolved.txt": "scope-a==1.0\nscope-b==1.0\n",
        "freeze.txt": "scope-a==1.0\n",
    }


def test_of_the_base_alone_they_are_empty(tmp_path: Path):
    texts = projections(BASE_ALONE, BASE_ALONE)
    assert write_projections(tmp_path, texts) == ("nodes.txt", "resolved.txt", "freeze.txt")
    assert [(tmp_path / name).read_text() for name in texts] == ["", "", ""]


def test_only_those_are_written_that_say_something_else(tmp_path: Path):
    texts = projections(make_generation(1, "scope-a"), BASE_ALONE)
    write_projections(tmp_path, texts)
    kept = (tmp_path / "freeze.txt").stat().st_ino
    (tmp_path / "nodes.txt").write_bytes(b"\xff torn")
    (tmp_path / "resolved.txt").unlink()
    assert stale_projections(tmp_path, texts) == ("nodes.txt", "resolved.txt")
    assert write_projections(tmp_path, texts) == ("nodes.txt", "resolved.txt")
    assert stale_projections(tmp_path, texts) == ()
    assert (tmp_path / "freeze.txt").stat().st_ino == kept
