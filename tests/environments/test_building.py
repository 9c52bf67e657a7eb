"""Building with the real uv: exactly what is asked for, from the parent, the cache or the network."""

import asyncio
import errno
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from counting import Counting
from local_index import LocalIndex
from package_project import build_wheel, make_package
from stored import locked, make_generation

from psynapse.environments.base import Base
from psynapse.environments.building import Building, build, must_copy
from psynapse.environments.errors import BuildFailed, NetworkUnreachable, UvFailed
from psynapse.environments.locked import Locked
from psynapse.environments.overlay import Overlay
from psynapse.environments.running import ignore_line
from psynapse.environments.uv import Uv


@pytest.fixture
def uv(tmp_path: Path, hermetic: Path) -> Counting:
    return Counting(tmp_path / "cache")


@pytest.fixture
def packages(tmp_path: Path, index: LocalIndex) -> Path:
    """Two packages in the index."""
    index.add(build_wheel(make_package(tmp_path, "scope-a")), build_wheel(make_package(tmp_path, "scope-b")))
    return tmp_path


def carry_out(building: Building) -> Overlay:
    building.folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(build(building, ignore_line))


def inode(overlay: Overlay, module: str) -> int:
    return (overlay.site / module / "__init__.py").stat().st_ino


def test_what_is_missing_is_installed_and_nothing_else(packages: Path, uv: Counting, base: Base):
    wanted = (locked("scope-a"), locked("scope-b"))
    overlay = carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=wanted))
    assert set(overlay.distributions()) == {"scope-a", "scope-b"}
    assert overlay.python.exists()
    assert not (packages / "1" / "requirements.txt").exists()
    # Once without the network, in case everything is in the cache, and once with it.
    assert uv.runs == [("pip", True), ("pip", False)]


def test_what_the_cache_has_needs_no_network(packages: Path, uv: Counting, base: Base, index: LocalIndex):
    wanted = (locked("scope-a"),)
    carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=wanted))
    index.stop()
    uv.runs.clear()
    overlay = carry_out(Building(uv=uv, base=base, folder=packages / "2", locked=wanted))
    assert set(overlay.distributions()) == {"scope-a"}
    assert uv.runs == [("pip", True)]


def test_an_empty_generation_needs_no_installer(packages: Path, uv: Counting, base: Base):
    assert carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=())).distributions() == {}
    assert uv.runs == []


def test_a_generation_of_another_python_than_this_one_is_made_by_uv(packages: Path, uv: Counting, base: Base):
    another = packages / "python"
    another.symlink_to(Path(sys.executable).resolve())
    building = Building(uv=uv, base=replace(base, python=str(another)), folder=packages / "1", locked=())
    assert carry_out(building).python.exists()
    assert uv.runs == [("venv", True)]


def test_a_folder_that_python_refuses_is_told_as_the_system_does(packages: Path, uv: Counting, base: Base):
    with pytest.raises(OSError, match="PATH separator"):
        carry_out(Building(uv=uv, base=base, folder=packages / "a:b" / "1", locked=()))


@pytest.mark.parametrize("copy", [True, False])
def test_what_stays_the_same_is_taken_from_the_parent_although_the_cache_is_gone(
    copy: bool, packages: Path, uv: Counting, base: Base, index: LocalIndex
):
    first = carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=(locked("scope-a"),), copy=copy))
    index.stop()
    parent = (make_generation(1, "scope-a"), packages / "1")
    elsewhere = Counting(packages / "another-cache")
    building = Building(
        uv=elsewhere, base=base, folder=packages / "2", locked=(locked("scope-a"),), parent=parent, copy=copy
    )
    second = carry_out(building)
    assert elsewhere.runs == []
    assert (inode(first, "scope_a") == inode(second, "scope_a")) is not copy


@pytest.mark.parametrize(
    "changed",
    [
        {"locked": (replace(locked("scope-a"), line="scope-a == 1.0"),)},
        {"fresh": frozenset({"scope-a"})},
        {"parent": (make_generation(1), Path("nowhere"))},
    ],
)
def test_what_is_not_the_same_or_may_not_be_is_installed(
    changed: Mapping[str, object], packages: Path, uv: Counting, base: Base
):
    carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=(locked("scope-a"),)))
    building = Building(
        uv=uv,
        base=base,
        folder=packages / "2",
        locked=(locked("scope-a"),),
        parent=(make_generation(1, "scope-a"), packages / "1"),
    )
    uv.runs.clear()
    overlay = carry_out(replace(building, **changed))
    assert set(overlay.distributions()) == {"scope-a"}
    assert ("pip", True) in uv.runs


def test_what_is_damaged_in_the_parent_is_installed_again(packages: Path, uv: Counting, base: Base):
    first = carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=(locked("scope-a"),)))
    (first.site / "scope_a" / "__init__.py").unlink()
    parent = (make_generation(1, "scope-a"), packages / "1")
    building = Building(uv=uv, base=base, folder=packages / "2", locked=(locked("scope-a"),), parent=parent)
    assert (carry_out(building).site / "scope_a" / "__init__.py").exists()


def test_a_folder_is_built_again_when_its_source_may_have_changed(tmp_path: Path, uv: Counting, base: Base):
    project = make_package(tmp_path, "scope-local")
    line = f"scope-local @ {project.as_uri()}"
    wanted = Locked(name="scope-local", version="1.0", line=line, source="local", path=str(project))
    building = Building(uv=uv, base=base, folder=tmp_path / "1", locked=(wanted,), fresh=frozenset({"scope-local"}))
    carry_out(building)
    module = project / "scope_local" / "__init__.py"
    before = module.stat()
    module.write_text("VERSION = '1.1'\n")
    # An editor may keep the time, and other tools look at nothing but pyproject.toml's.
    os.utime(module, ns=(before.st_atime_ns, before.st_mtime_ns))
    overlay = carry_out(replace(building, folder=tmp_path / "2"))
    assert (overlay.site / "scope_local" / "__init__.py").read_text() == "VERSION = '1.1'\n"


def test_an_editable_folder_stays_where_it_is_and_is_not_made_read_only(tmp_path: Path, uv: Counting, base: Base):
    project = make_package(tmp_path, "scope-local")
    wanted = Locked(
        name="scope-local",
        version="1.0",
        line=f"-e {project.as_uri()}",
        source="local",
        editable=True,
        path=str(project),
    )
    overlay = carry_out(Building(uv=uv, base=base, folder=tmp_path / "1", locked=(wanted,)))
    assert not (overlay.site / "scope_local").exists()
    assert (project / "scope_local" / "__init__.py").stat().st_mode & 0o200


def test_a_build_that_fails_is_told_in_words(tmp_path: Path, uv: Counting, base: Base):
    project = make_package(tmp_path, "scope-local", build_fails="no compiler here")
    line = f"scope-local @ {project.as_uri()}"
    wanted = Locked(name="scope-local", version="1.0", line=line, source="local", path=str(project))
    with pytest.raises(BuildFailed, match="no compiler here"):
        carry_out(Building(uv=uv, base=base, folder=tmp_path / "1", locked=(wanted,)))


def test_without_a_network_what_the_cache_lacks_cannot_be_had(
    packages: Path, uv: Counting, base: Base, index: LocalIndex
):
    index.stop()
    with pytest.raises(NetworkUnreachable):
        carry_out(Building(uv=uv, base=base, folder=packages / "1", locked=(locked("scope-a"),)))


def test_a_folder_is_not_built_from_what_the_cache_has_of_it_because_the_network_is_gone(
    packages: Path, uv: Counting, base: Base, index: LocalIndex
):
    project = make_package(packages, "scope-local")
    line = f"scope-local @ {project.as_uri()}"
    local = Locked(name="scope-local", version="1.0", line=line, source="local", path=str(project))
    building = Building(uv=uv, base=base, folder=packages / "1", locked=(local,), fresh=frozenset({"scope-local"}))
    carry_out(building)
    index.stop()
    uv.runs.clear()
    with pytest.raises(NetworkUnreachable):
        carry_out(replace(building, folder=packages / "2", locked=(local, locked("scope-a"))))
    assert uv.runs == [("pip", False)]
    assert set(carry_out(replace(building, folder=packages / "3")).distributions()) == {"scope-local"}


def test_a_full_disk_under_uv_is_a_full_disk(tmp_path: Path, hermetic: Path, base: Base):
    class Full(Uv):
        async def run(self, arguments: Sequence[str], **options: object) -> str:
            said = "error: failed to copy file: No space left on device (os error 28)"
            raise UvFailed("uv pip install failed", stderr=said, exit_code=2)

    with pytest.raises(OSError, match="No space left") as caught:
        carry_out(Building(uv=Full(tmp_path / "cache"), base=base, folder=tmp_path / "1", locked=(locked("scope-a"),)))
    assert caught.value.errno == errno.ENOSPC


def test_root_shares_no_files():
    assert must_copy() is (os.geteuid() == 0)
