"""What was written is there whole, and links are left alone."""

from pathlib import Path

import pytest

from psynapse.environments.durable import files_below, settle, settle_tree, write_durably


def test_a_file_is_replaced_at_once_for_its_owner_alone(tmp_path: Path):
    path = tmp_path / "file"
    write_durably(path, "old")
    with path.open(encoding="utf-8") as reader:
        write_durably(path, "new ü")
        assert reader.read() == "old"
    assert path.read_text(encoding="utf-8") == "new ü"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path):
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_durably(path, "text")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_files_below_a_folder_are_found_at_any_depth_and_links_are_not_followed(tmp_path: Path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "deep").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert sorted(entry.name for entry in files_below(tmp_path)) == ["deep", "file"]
    settle_tree(tmp_path)


def test_settling_what_is_not_there_is_an_error(tmp_path: Path):
    settle([])
    settle([tmp_path])
    with pytest.raises(FileNotFoundError):
        settle([tmp_path / "missing"])


def test_a_link_that_leads_nowhere_does_not_stop_a_tree_from_being_settled(tmp_path: Path):
    (tmp_path / "broken").symlink_to("nowhere")
    settle_tree(tmp_path)
