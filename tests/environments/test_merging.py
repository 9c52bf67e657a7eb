"""Packages that must lie beside what psynapse runs on: base and overlay in one folder, with real workers."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from base_environment import make_base
from local_index import LocalIndex
from package_project import build_wheel, make_package
from packages import change, install, versions

from psynapse.environments.base import Base, read_base
from psynapse.environments.condition import degradation
from psynapse.environments.edits import Remove
from psynapse.environments.merging import merge, out_of_reach
from psynapse.environments.overlay import Overlay
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.refusals import PackageFails
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv
from psynapse.model.packages import LoadFailure

LIBRARY = "library/libfar.so"
NEEDS_LIBRARY = f"""
import pathlib
if not (pathlib.Path(__file__).parents[1] / {LIBRARY!r}).exists():
    raise ImportError("libfar.so: cannot open shared object file: No such file or directory")
"""


@pytest.fixture
def base(tmp_path: Path, hermetic: Path) -> Base:
    """A small base, from which a worker can be started: it leads on to where psynapse is installed."""
    colours = {"colours/__init__.py": "VERSION = 'base'\n", "colours/red.py": "VERSION = 'red'\n", LIBRARY: ""}
    base = make_base(tmp_path, [build_wheel(make_package(tmp_path, "colours", files=colours, entry_point=None))])
    lines = [f"import site; site.addsitedir({str(folder)!r})\n" for folder in read_base().site_dirs]
    (base.site_dirs[0] / "psynapse_is_there.pth").write_text("".join(lines))
    return base


@pytest.fixture
def changer(store: GenerationStore, base: Base, uv: Uv) -> Changer:
    return Changer(store, base, uv, WorkerProbe())


def offered(index: LocalIndex, folder: Path, name: str, files: Mapping[str, str], version: str = "1.0") -> None:
    index.add(build_wheel(make_package(folder / version, name, version, files=files)))


def contents(base: Base) -> dict[str, tuple[str, int]]:
    """The digest and the mode of all files but bytecode."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
        for path in base.site_dirs[0].rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_package_that_adds_to_one_of_the_base_lies_beside_it(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, base: Base, changer: Changer
):
    before = contents(base)
    files = {"scope_blue/__init__.py": "VERSION = '1'\n", "colours/blue.py": "VERSION = 'blue'\n"}
    offered(index, tmp_path, "scope-blue", files)
    made = install(changer, "scope-blue").after
    assert made.merged
    assert versions(made, "colours", "colours.red", "colours.blue", "scope_blue") == ["base", "red", "blue", "1"]
    path = subprocess.run(
        [made.python, "-c", "import sys; print(sys.path)"], capture_output=True, text=True, check=True
    )
    assert str(base.site_dirs[0]) not in path.stdout
    assert contents(base) == before
    assert degradation(made, base, store.folder_of(made.id)) == ""


def test_a_package_that_hides_what_it_needs_of_the_base_lies_beside_it(
    tmp_path: Path, index: LocalIndex, changer: Changer
):
    files = {
        "scope_green/__init__.py": "from colours.red import VERSION\n",
        "colours/__init__.py": "VERSION = 'new'\n",
        "colours/green.py": "VERSION = 'green'\n",
    }
    offered(index, tmp_path, "scope-green", files)
    made = install(changer, "scope-green").after
    assert made.merged
    assert versions(made, "scope_green", "colours", "colours.green") == ["red", "new", "green"]


def test_a_library_that_is_looked_for_beside_a_package_is_found_there(
    tmp_path: Path, index: LocalIndex, changer: Changer
):
    offered(index, tmp_path, "scope-far", {"scope_far/__init__.py": f"{NEEDS_LIBRARY}VERSION = '1'\n"})
    made = install(changer, "scope-far").after
    assert made.merged
    assert versions(made, "scope_far", "colours.red") == ["1", "red"]


def test_other_packages_leave_the_base_where_it_is(tmp_path: Path, index: LocalIndex, changer: Changer):
    offered(index, tmp_path, "scope-plain", {"scope_plain/__init__.py": "VERSION = '1'\n"})
    assert not install(changer, "scope-plain").after.merged


def test_another_version_of_a_package_replaces_the_bases(tmp_path: Path, index: LocalIndex, changer: Changer):
    """What only the base's version has is gone, as it would be after an upgrade."""
    offered(index, tmp_path, "colours", {"colours/__init__.py": "VERSION = '2'\n"}, "2.0")
    files = {"scope_two/__init__.py": NEEDS_LIBRARY.replace("libfar", "gone")}
    index.add(build_wheel(make_package(tmp_path, "scope-two", files=files, requires=["colours>=2"])))
    with pytest.raises(PackageFails, match="cannot open shared object file"):
        install(changer, "scope-two")
    files = {"scope_two/__init__.py": "VERSION = '1'\n", "colours/blue.py": "VERSION = 'blue'\n"}
    index.add(build_wheel(make_package(tmp_path / "1.1", "scope-two", "1.1", files=files, requires=["colours>=2"])))
    made = install(changer, "scope-two").after
    assert versions(made, "colours", "colours.blue") == ["2", "blue"]
    site = Overlay(Path(made.python).parents[1], f"{sys.version_info[0]}.{sys.version_info[1]}").site
    assert not (site / "colours" / "red.py").exists()


def test_what_fails_all_the_same_is_refused_and_nothing_is_left(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offered(index, tmp_path, "scope-never", {"scope_never/__init__.py": "import colours.nowhere\n", "colours/x.py": ""})
    with pytest.raises(PackageFails, match=r"colours\.nowhere"):
        install(changer, "scope-never")
    assert store.current().id == 0
    assert [path for path in (store.folder / "generations").iterdir() if path.is_dir()] == []


def test_a_merged_generation_is_the_start_of_others(tmp_path: Path, index: LocalIndex, changer: Changer):
    offered(index, tmp_path, "scope-plain", {"scope_plain/__init__.py": "VERSION = '1'\n"})
    files = {"scope_blue/__init__.py": "VERSION = '1'\n", "colours/blue.py": "VERSION = 'blue'\n"}
    offered(index, tmp_path, "scope-blue", files)
    install(changer, "scope-blue")
    both = install(changer, "scope-plain").after
    assert both.merged
    assert versions(both, "colours.blue", "scope_plain") == ["blue", "1"]
    alone = change(changer, Remove("scope-blue")).after
    assert not alone.merged
    assert versions(alone, "scope_plain", "colours.red") == ["1", "red"]


def test_a_merged_generation_no_longer_fits_a_base_that_has_changed(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, base: Base, changer: Changer
):
    offered(index, tmp_path, "scope-far", {"scope_far/__init__.py": NEEDS_LIBRARY})
    made = install(changer, "scope-far").after
    colours = replace(base.distributions["colours"], version="1.1")
    changed = replace(base, distributions={**base.distributions, "colours": colours})
    assert "has copies" in degradation(made, changed, store.folder_of(made.id))


@pytest.mark.parametrize("copy", [True, False])
def test_merging_twice_is_merging_once(base: Base, tmp_path: Path, copy: bool):
    overlay = Overlay(tmp_path / "generation", base.version)
    (overlay.site / "colours").mkdir(parents=True)
    (overlay.site / "colours" / "red.py").write_text("VERSION = 'own'\n")
    for _ in range(2):
        merge(base, overlay, copy=copy)
    assert (overlay.site / "colours" / "red.py").read_text() == "VERSION = 'own'\n"
    linked = overlay.site / "colours" / "__init__.py"
    assert linked.samefile(base.site_dirs[0] / "colours" / "__init__.py") is not copy


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("libcudart.so.12: cannot open shared object file: No such file or directory", True),
        ("DLL load failed while importing _C: The specified module could not be found.", True),
        ("dlopen(_C.so): Library not loaded: @rpath/libtorch.dylib", True),
        ("No module named 'colours.violet'", True),
        ("No module named 'nobody'", False),
        ("cannot import name 'x' from 'colours.red' (somewhere)", True),
        ("division by zero", False),
    ],
)
def test_only_what_another_layout_may_mend_is_taken_for_that(base: Base, tmp_path: Path, message: str, expected: bool):
    overlay = Overlay(tmp_path / "generation", base.version)
    (overlay.site / "colours").mkdir(parents=True)
    failure = LoadFailure(nodepack="", filepath="", package="p", error_type="ImportError", message=message)
    assert bool(out_of_reach([failure], base, overlay)) is expected
