"""The nodes of the pack ``files``, on real folders: what they find, write, move and pack, and what they refuse."""

import datetime as dt
import os
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.model.events import RunEvent, TaskProgress

PACK = Nodepack("files", shipped_root() / "files", "shipped", ("ops.py", "progress_ops.py"))
ops: Any = load_file(PACK, "ops.py")
progress_ops: Any = load_file(PACK, "progress_ops.py")


def run(name: str, /, **values: object) -> Any:
    """The node's value when it runs with these values, as they come from an editor."""
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_as_node(name: str, /, **values: object) -> str:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some files of known content, three of them text."""
    for name, content in {"b.txt": "two\n", "a.txt": "one\nzwei\n", "deep/c.txt": "", ".hidden/d.txt": "x"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff")
    return tmp_path


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_files_are_found_by_patterns(folder: Path):
    assert names(ops.find_files(folder, ["*.txt"]), folder) == ["a.txt", "b.txt", "deep/c.txt"]
    assert names(ops.find_files(folder, ["*"], ["deep", "a.*"]), folder) == ["b.txt", "image.png"]
    assert names(ops.find_files(folder, ["*.txt"], subfolders=False), folder) == ["a.txt", "b.txt"]
    assert ".hidden/d.txt" in names(ops.find_files(folder, hidden=True), folder)
    assert ops.find_files(folder, []) == []


def test_a_folder_that_is_none_or_too_full_is_said_so(folder: Path):
    assert "does not exist; check the path" in error_as_node("find_files", folder=str(folder / "no"))
    assert "is a file, not a folder" in error_as_node("folder_contents", folder=str(folder / "a.txt"))
    assert "there are more than 2 such files" in error_as_node("find_files", folder=str(folder), most=2)
    assert "does not fit list[str]" in error_as_node("find_files", folder=str(folder), patterns=3)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_in_a_circle_end(folder: Path):
    (folder / "deep" / "up").symlink_to(folder)
    assert len(ops.find_files(folder, ["*.txt"])) == 3


def test_a_folder_is_shown_as_a_table(folder: Path):
    rows = ops.folder_contents(folder)
    assert [(row["name"], row["kind"]) for row in rows][-2:] == [("deep", "folder"), ("image.png", "file")]
    assert rows[1]["name"] == "a.txt"
    assert rows[1]["size"] == 9
    assert isinstance(rows[1]["changed"], dt.datetime)
    (folder / "empty").mkdir()
    assert ops.folder_contents(folder / "empty") == []


def test_what_is_known_of_a_file_is_shown(folder: Path):
    found = ops.file_details(folder / "a.txt")
    assert (found["name"], found["folder"], found["ending"], found["kind"]) == ("a.txt", folder, ".txt", "file")
    assert "there is nothing at" in error_as_node("file_details", path=str(folder / "no"))


def test_paths_are_put_together_and_taken_apart():
    assert ops.join_path(Path("a"), "b/../c.txt") == Path("a/c.txt")
    assert ops.path_parts(Path("a/cat.tar.gz")) == {
        "folder": Path("a"),
        "name": "cat.tar.gz",
        "stem": "cat.tar",
        "ending": ".gz",
    }
    assert (ops.change_ending(Path("a.jpg"), "png"), ops.change_ending(Path("a.jpg"), "")) == (Path("a.png"), Path("a"))
    assert "cannot get the ending" in error_as_node("change_ending", path="a.jpg", ending="x/y")


@pytest.mark.parametrize("name", ["../b", "/etc/passwd", "", "a/../../b"])
def test_a_joined_path_stays_in_its_folder(name: str):
    assert "does not name something in the folder" in error_as_node("join_path", folder="a", name=name)


def test_lines_are_read_from_anywhere(folder: Path):
    path = folder / "a.txt"
    assert ops.read_lines(path) == ["one", "zwei"]
    assert ops.read_lines(path, 1, 5) == ["zwei"]
    assert ops.read_lines(folder / "deep" / "c.txt") == []
    assert "is not UTF-8 text" in error_as_node("read_lines", path=str(folder / "image.png"))
    assert "is a folder" in error_as_node("read_lines", path=str(folder))
    assert "there is no file" in error_as_node("read_lines", path=str(folder / "no.txt"))


def test_only_the_lines_asked_for_are_read_of_a_large_file(folder: Path):
    path = folder / "large.txt"
    with path.open("wb") as file:
        file.write(b"first\n" * 100_000)
        # What follows is no text: reading on would fail.
        file.write(b"\xff" * 1_000_000)
    assert ops.read_lines(path, 0, 1) == ["first"]


def test_json_is_written_and_read_again(folder: Path):
    path = folder / "value.json"
    value = {"name": "Ü", "day": dt.date(2024, 3, 18), "at": Path("a.txt"), "list": [1, None]}
    assert run("write_json", path=str(path), value=[]) == path
    assert ops.write_json(path, value, 0) == path
    assert ops.read_json(path) == value | {"day": "2024-03-18", "at": "a.txt"}
    assert [entry.name for entry in folder.iterdir() if entry.name.startswith(".value")] == []


def test_a_file_keeps_its_rights_when_it_is_replaced_and_a_new_one_gets_the_usual(folder: Path):
    path = folder / "a.txt"
    path.chmod(0o640)
    ops.write_lines(path, [])
    assert path.stat().st_mode & 0o777 == 0o640
    (folder / "usual.txt").write_text("")
    new = ops.write_lines(folder / "new.txt", ["x"])
    assert new.stat().st_mode == (folder / "usual.txt").stat().st_mode


def test_a_value_that_is_no_json_leaves_the_old_file_as_it_was(folder: Path):
    path = ops.write_json(folder / "value.json", [1])
    with pytest.raises(ValueError, match="JSON cannot hold this value"):
        ops.write_json(path, [float("nan")])
    with pytest.raises(TypeError, match="JSON cannot hold a object"):
        ops.write_json(path, object())
    assert ops.read_json(path) == [1]


def test_what_is_no_json_says_where(folder: Path):
    (folder / "bad.json").write_text('{"a": 1,\n x}', encoding="utf-8")
    assert "in line 2, column 2" in error_as_node("read_json", path=str(folder / "bad.json"))
    assert "which is UTF-8 text" in error_as_node("read_json", path=str(folder / "image.png"))
    assert "Expecting value in line 1" in error_as_node("read_json", path=str(folder / "deep" / "c.txt"))
    (folder / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    assert "nested too deeply" in error_as_node("read_json", path=str(folder / "deep.json"))


def test_lines_are_written_and_appended(folder: Path):
    path = ops.write_lines(folder / "new.txt", ["a", 2])
    assert ops.write_lines(path, ["c"], append=True).read_bytes() == b"a\n2\nc\n"
    assert "does not exist" in error_as_node("write_lines", path=str(folder / "no" / "x.txt"), lines=["a"])
    assert "is a folder" in error_as_node("write_lines", path=str(folder), lines=[])


def test_a_file_becomes_a_data_url(folder: Path):
    assert ops.read_data_url(folder / "image.png") == "data:image/png;base64,iVBOR/8="
    assert "more than the 3 allowed" in error_as_node("read_data_url", path=str(folder / "a.txt"), most_bytes=3)


def test_folders_are_made(folder: Path):
    assert ops.make_folder(folder / "x" / "y") == ops.make_folder(folder / "x" / "y")
    assert "a file is in the way" in error_as_node("make_folder", folder=str(folder / "a.txt"))
    made = run("temporary_folder", prefix="test-")
    assert (made.name[:5], list(made.iterdir())) == ("test-", [])
    made.rmdir()
    assert "cannot be the beginning of a name" in error_as_node("temporary_folder", prefix="a/b")


def test_a_temporary_folder_can_be_the_same_for_every_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = run("temporary_folder", prefix="test-", reuse=True)
    (made / "left.txt").write_text("kept")
    assert run("temporary_folder", prefix="test-", reuse=True) == made
    assert [path.name for path in made.iterdir()] == ["left.txt"]
    assert made.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == [made]
    # Somebody else has put a link where it would be.
    made.rename(tmp_path / "moved")
    made.symlink_to(tmp_path / "moved")
    assert "belongs to somebody else" in error_as_node("temporary_folder", prefix="test-", reuse=True)


def test_a_copy_never_destroys_what_is_there_unless_asked(folder: Path):
    source, target = folder / "a.txt", folder / "deep"
    assert ops.copy_file(source, target) == target / "a.txt"
    assert "there is a" in error_as_node("copy_file", source=str(source), target=str(target))
    assert ops.copy_file(source, target, "keep both") == target / "a (2).txt"
    assert ops.copy_file(source, target, "keep both") == target / "a (3).txt"
    assert ops.copy_file(folder / "b.txt", target / "a.txt", "replace").read_text() == "two\n"
    assert "is the file itself" in error_as_node("copy_file", source=str(source), target=str(folder))
    assert "does not exist" in error_as_node("copy_file", source=str(source), target=str(folder / "no" / "x"))


def test_a_file_is_moved_and_deleted(folder: Path):
    moved = ops.move_file(folder / "a.txt", folder / "deep")
    assert (moved.exists(), (folder / "a.txt").exists()) == (True, False)
    assert ops.delete_file(moved) is True
    assert ops.delete_file(moved, "ignore") is False
    assert "there is no file" in error_as_node("delete_file", path=str(moved))
    assert "is a folder" in error_as_node("delete_file", path=str(folder))
    assert folder.exists()


def test_files_and_folders_are_packed_and_unpacked(folder: Path):
    target = folder / "all.zip"
    events: list[RunEvent] = []
    node = {"paths": [str(folder / "a.txt"), str(folder / "deep")], "target": str(target)}
    graph = {"nodes": [{"id": "z", "type": "functionNode", "data": {"functionName": "ZipFiles", **node}}], "edges": []}
    psynapse.run(graph, nodepacks=shipped_root(), targets=["z"], on_event=events.extend)
    messages = [event.body.message for event in events if isinstance(event.body, TaskProgress)]
    assert messages[-1] == "2 files packed"
    assert [(row["name"], row["size"]) for row in ops.list_zip(target)] == [("a.txt", 9), ("deep/c.txt", 0)]
    assert ops.read_from_zip(target, "a.txt") == "one\nzwei\n"
    out = run("UnzipFile", path=str(target), folder=str(folder / "out"))
    assert names(out, folder) == ["out/a.txt", "out/deep/c.txt"]
    assert out[0].read_bytes() == (folder / "a.txt").read_bytes()


def test_packing_refuses_what_it_cannot_do(folder: Path):
    target, source = str(folder / "b.zip"), str(folder / "a.txt")
    assert "there is nothing to pack" in error_as_node("ZipFiles", paths=[], target=target)
    (folder / "deep" / "a.txt").write_text("")
    twins = [source, str(folder / "deep" / "a.txt")]
    assert "would both be a.txt" in error_as_node("ZipFiles", paths=twins, target=target)
    assert "there is no file" in error_as_node("ZipFiles", paths=[str(folder / "no")], target=target)
    assert not Path(target).exists()
    run("ZipFiles", paths=[source], target=target)
    assert "switch replace on" in error_as_node("ZipFiles", paths=[source], target=target)
    assert run("ZipFiles", paths=[source], target=target, replace=True) == Path(target)


def test_a_hostile_archive_does_no_harm(folder: Path):
    evil, bomb = folder / "evil.zip", folder / "bomb.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("fine.txt", "x")
        archive.writestr("../outside.txt", "x")
    assert "leads out of the folder" in error_as_node("UnzipFile", path=str(evil), folder=str(folder / "out"))
    assert not (folder / "out").exists()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 5_000_000)
    options = {"path": str(bomb), "folder": str(folder / "out"), "most_bytes": 1_000_000}
    assert "holds more than was allowed" in error_as_node("UnzipFile", **options)
    assert "larger than 1,000 bytes" in error_as_node("read_from_zip", path=str(bomb), name="zeros", most_bytes=1000)


def test_what_is_no_zip_file_is_said_so(folder: Path):
    path = str(folder / "a.txt")
    assert "is not a zip file" in error_as_node("list_zip", path=path)
    assert "is not a zip file" in error_as_node("UnzipFile", path=path, folder=str(folder / "out"))
    assert "is not a zip file" in error_as_node("read_from_zip", path=path, name="x")


def test_an_entry_that_is_not_there_is_named(folder: Path):
    target = progress_ops.ZipFiles()([folder / "a.txt"], folder / "a.zip")
    assert "there is no 'b'" in error_as_node("read_from_zip", path=str(target), name="b")
    with zipfile.ZipFile(folder / "raw.zip", "w") as archive:
        archive.writestr("raw", b"\xff")
    assert "is not UTF-8 text" in error_as_node("read_from_zip", path=str(folder / "raw.zip"), name="raw")


def test_a_file_has_the_usual_fingerprint(folder: Path):
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert run("HashFile", path=str(folder / "deep" / "c.txt")) == empty
    (folder / "zeros").write_bytes(b"")
    os.truncate(folder / "zeros", 5_000_000)
    assert progress_ops.HashFile()(folder / "zeros", "md5") == "8649ae5a732bc808f228677b27a1e9b6"
    assert "there is no file" in error_as_node("HashFile", path=str(folder / "no"))
