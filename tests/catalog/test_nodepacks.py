from collections.abc import Callable
from pathlib import Path

import pytest

from psynapse.catalog.nodepacks import Nodepack, discover, discover_all, shipped_root, source_digest

WriteFiles = Callable[[dict[str, str | bytes]], Path]


def test_a_nodepack_is_a_folder_with_one_of_the_three_files(write_files: WriteFiles):
    root = write_files(
        {
            "b/stream_ops.py": "",
            "a/ops.py": "",
            "a/progress_ops.py": "",
            "a/other.py": "",
            "empty/readme.txt": "",
            "deep/er/ops.py": "",
            "ops.py": "",
        }
    )
    assert discover(root, "user") == (
        Nodepack("a", root / "a", "user", ("ops.py", "progress_ops.py")),
        Nodepack("b", root / "b", "user", ("stream_ops.py",)),
    )


@pytest.mark.parametrize("folder", [".hidden", "_private", "__pycache__"])
def test_hidden_folders_are_ignored(folder: str, write_files: WriteFiles):
    assert discover(write_files({f"{folder}/ops.py": ""}), "user") == ()


def test_a_folder_named_like_a_file_is_no_file(write_files: WriteFiles):
    assert discover(write_files({"pack/ops.py/inner.txt": ""}), "user") == ()


def test_a_root_that_does_not_exist_has_no_nodepacks(tmp_path: Path):
    assert discover(tmp_path / "nowhere", "user") == ()


def test_a_root_that_cannot_be_read_is_reported(tmp_path: Path):
    (tmp_path / "file").write_text("")
    (pack,) = discover(tmp_path / "file", "user")
    assert pack.problem == "Not a directory"


def test_a_folder_that_cannot_be_read_is_reported_beside_its_neighbours(write_files: WriteFiles):
    root = write_files({"good/ops.py": ""})
    (root / "circle").symlink_to("circle")
    circle, good = discover(root, "user")
    assert circle.problem
    assert circle.files == ()
    assert good.files == ("ops.py",)


def test_a_relative_root_gives_absolute_paths(write_files: WriteFiles, monkeypatch: pytest.MonkeyPatch):
    root = write_files({"nodes/pack/ops.py": ""})
    monkeypatch.chdir(root)
    assert discover(Path("nodes"), "user")[0].path == root / "nodes" / "pack"


def test_the_users_pack_hides_a_shipped_one_of_the_same_name_whole(write_files: WriteFiles):
    root = write_files(
        {"mine/basic/ops.py": "", "shipped/basic/progress_ops.py": "", "shipped/demo/ops.py": "", "mine/zoo/ops.py": ""}
    )
    packs = discover_all([(root / "shipped", "shipped"), (root / "mine", "user")])
    assert [(pack.name, pack.origin, pack.files) for pack in packs] == [
        ("basic", "user", ("ops.py",)),
        ("zoo", "user", ("ops.py",)),
        ("demo", "shipped", ("ops.py",)),
    ]


def test_shipped_nodepacks_lie_in_the_checkout():
    assert shipped_root() == Path(__file__).parents[2] / "nodepacks"


def _digest(root: Path) -> str:
    return source_digest(Nodepack("pack", root / "pack", "user", ("ops.py",)))


def test_the_digest_changes_with_every_python_file_below_the_pack_and_nothing_else(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "x = 1", "pack/lib/part.py": "y = 1"})
    digests = [_digest(root)]
    for name, text in [("pack/lib/part.py", "y = 2"), ("pack/ops.py", "x = 2"), ("pack/new.py", "")]:
        write_files({name: text})
        digests.append(_digest(root))
    (root / "pack/new.py").rename(root / "pack/renamed.py")
    digests.append(_digest(root))
    assert len(set(digests)) == len(digests)
    write_files({"pack/data.csv": "1", "pack/__pycache__/ops.py": "z", "pack/.venv/lib.py": "z", "other/ops.py": ""})
    assert _digest(root) == digests[-1]


def test_moving_text_from_one_file_to_the_next_changes_the_digest(write_files: WriteFiles):
    before = _digest(write_files({"pack/a.py": "xy", "pack/b.py": "z"}))
    assert _digest(write_files({"pack/a.py": "x", "pack/b.py": "yz"})) != before


def test_links_that_lead_in_circles_end_and_an_unreadable_file_counts(write_files: WriteFiles):
    root = write_files({"pack/ops.py": ""})
    before = _digest(root)
    (root / "pack/loop").symlink_to(root / "pack", target_is_directory=True)
    assert _digest(root) == before
    (root / "pack/gone.py").symlink_to("nowhere.py")
    assert _digest(root) != before
