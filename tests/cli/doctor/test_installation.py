import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.cli.doctor.installation import (
    complaints,
    damaged_files,
    dependencies,
    missing_data,
    needed,
    own_files,
    python_version,
    satisfies,
    uv,
)
from psynapse.settings import Settings

Make = Callable[..., Settings]


def _installed(folder: Path) -> Distribution:
    """A distribution as an installer leaves it behind: two files and their record."""
    (folder / "some").mkdir()
    lines: list[str] = []
    for name in ("some/one.py", "some/two.py"):
        (folder / name).write_text(f"# {name}\n")
        digest = urlsafe_b64encode(hashlib.sha256((folder / name).read_bytes()).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{(folder / name).stat().st_size}\n")
    info = folder / "some-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(lines) + "some/__pycache__/one.pyc,,\nsome-1.0.dist-info/RECORD,,\n")
    return Distribution.at(info)


def test_this_installation_is_whole(settings: Make):
    checks = (python_version, own_files, dependencies)
    assert [check(settings()).level for check in checks] == ["ok", "ok", "ok"]
    assert missing_data() == []


def test_files_that_are_missing_or_changed_are_named(tmp_path: Path):
    installed = _installed(tmp_path)
    assert damaged_files(installed) == ([], [])
    (tmp_path / "some" / "one.py").write_text("something else")
    (tmp_path / "some" / "two.py").unlink()
    missing, changed = damaged_files(installed)
    assert [Path(name).name for name in missing] == ["two.py"]
    assert [Path(name).name for name in changed] == ["one.py"]


@pytest.mark.parametrize(
    ("requirement", "complaint"),
    [
        ("pydantic>=2,<3", None),
        ("pydantic<2", "is not <2"),
        ("pydantic[email]>=99", "is not >=99"),
        ("there-is-no-such-thing", "there-is-no-such-thing is not installed"),
        ('there-is-no-such-thing; extra == "dev"', None),
        ("typing-extensions>=4.12", None),
    ],
)
def test_requirements_are_held_against_what_is_installed(requirement: str, complaint: str | None):
    found = list(complaints(requirement))
    assert len(found) == (complaint is not None)
    assert all(complaint and complaint in one for one in found)


def test_a_package_that_cannot_be_imported_is_named_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    info = tmp_path / "broken_thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-thing\nVersion: 1.0\n")
    (tmp_path / "broken_thing.py").write_text("raise ImportError('no libfoo.so here')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    (complaint,) = complaints("broken-thing>=1")
    assert complaint == "broken-thing 1.0 cannot be imported: ImportError: no libfoo.so here"


@pytest.mark.parametrize(
    ("requirement", "parts"),
    [
        ("orjson<4,>=3.10", ("orjson", "<4,>=3.10")),
        ("uvicorn[standard] >= 0.32", ("uvicorn", ">= 0.32")),
        ("rich (>=13.7)", ("rich", ">=13.7")),
        ("typer", ("typer", "")),
        ('numpy>=2; python_version < "3.12"', None),
    ],
)
def test_requirements_are_taken_apart(requirement: str, parts: tuple[str, str] | None):
    assert needed(requirement) == parts


_VERSIONS = st.lists(st.integers(0, 40), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@given(_VERSIONS, _VERSIONS)
def test_of_two_versions_one_bound_of_each_pair_holds(left: str, right: str):
    for bound, opposite in ((">=", "<"), (">", "<="), ("==", "!=")):
        assert satisfies(left, f"{bound}{right}") != satisfies(left, f"{opposite}{right}")


@pytest.mark.parametrize(
    ("version", "bounds", "fits"),
    [
        ("2.10", ">=2.9,<3", True),
        ("3.0.1", "<3", False),
        ("1.4.9", "~=1.4.2", True),
        ("1.5", "~=1.4.2", False),
        ("2.0rc1", ">=2", True),
        ("2.0", "==2", True),
        ("1", "", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, bounds: str, fits: bool):
    assert satisfies(version, bounds) is fits


def test_without_uv_there_is_a_warning(settings: Make, monkeypatch: pytest.MonkeyPatch):
    assert uv(settings()).level == "ok"

    def missing() -> str:
        raise FileNotFoundError("no uv")

    monkeypatch.setattr("uv.find_uv_bin", missing)
    assert uv(settings()).level == "warning"
