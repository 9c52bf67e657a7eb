"""Packages are tried in a real worker; one that ends it costs only itself."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from local_index import LocalIndex
from package_project import build_wheel, make_package
from stored import locked, make_generation

from psynapse.environments.base import Base
from psynapse.environments.building import Building, build
from psynapse.environments.generation import IN_USE, Generation
from psynapse.environments.probing import ProbeReport, WorkerProbe
from psynapse.environments.running import ignore_line
from psynapse.environments.uv import Uv
from psynapse.errors import WorkerError
from psynapse.model.packages import DisabledPackage

CODE: Mapping[str, str] = {
    "scope-good": "VERSION = '1.0'\n",
    "scope-raises": "raise ValueError('no such device')\n",
    "scope-exits": "import os\nos._exit(3)\n",
    "scope-crashes": "import ctypes\nctypes.string_at(0)\n",
}


@pytest.fixture
def generation(tmp_path: Path, index: LocalIndex, uv: Uv, base: Base) -> Generation:
    """A generation of all of them, built but not sealed."""
    for name, code in CODE.items():
        files = {f"{name.replace('-', '_')}/__init__.py": code}
        index.add(build_wheel(make_package(tmp_path, name, files=files)))
    folder = tmp_path / "7"
    folder.mkdir()
    (folder / IN_USE).touch()
    building = Building(uv=uv, base=base, folder=folder, locked=tuple(locked(name) for name in CODE))
    overlay = asyncio.run(build(building, ignore_line))
    return Generation(id=7, locked=building.locked, python=str(overlay.python))


def tried(probe: WorkerProbe, generation: Generation) -> ProbeReport:
    async def story() -> ProbeReport:
        async with probe(generation) as report:
            return report

    return asyncio.run(story())


def test_all_packages_are_imported_and_those_that_end_the_worker_are_named(generation: Generation):
    report = tried(WorkerProbe(), generation)
    assert {package.name for package in report.packages} >= {"scope-good"}
    failures = {failure.package: failure for failure in report.failures}
    assert set(failures) == {"scope-raises", "scope-exits", "scope-crashes"}
    assert "no such device" in failures["scope-raises"].message
    assert "ValueError" in failures["scope-raises"].traceback
    assert "exit code 3" in failures["scope-exits"].message
    assert "SIGSEGV" in failures["scope-crashes"].message
    assert not any(failure.name for failure in report.failures)


def test_what_is_switched_off_is_not_imported_to_try_it(generation: Generation):
    off = tuple(DisabledPackage(name) for name in ("scope-exits", "scope-raises"))
    report = tried(WorkerProbe(disabled=lambda: off), generation)
    assert {package.name for package in report.packages if package.disabled} == {"scope-exits", "scope-raises"}
    assert {failure.package for failure in report.failures} == {"scope-crashes"}


def test_a_package_whose_import_hangs_is_named_when_its_time_is_over(
    tmp_path: Path, index: LocalIndex, generation: Generation, monkeypatch: pytest.MonkeyPatch
):
    module = Path(generation.python).parents[1].glob("lib/*/site-packages/scope_good/__init__.py")
    hanging = next(module)
    hanging.chmod(0o600)
    hanging.write_text("import time\ntime.sleep(600)\n")
    # A package has a minute otherwise.
    monkeypatch.setattr("psynapse.worker.client.START_SECONDS", 5.0)
    report = tried(WorkerProbe(), generation)
    assert {failure.package for failure in report.failures} == set(CODE)
    assert any("not imported within" in failure.message for failure in report.failures)


def test_a_generation_without_packages_has_nothing_to_report(tmp_path: Path, uv: Uv, base: Base):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / IN_USE).touch()
    overlay = asyncio.run(build(Building(uv=uv, base=base, folder=tmp_path / "1", locked=()), ignore_line))
    generation = Generation(id=1, python=str(overlay.python))
    assert tried(WorkerProbe(), generation) == ProbeReport()


def test_a_generation_whose_python_is_gone_cannot_be_tried(tmp_path: Path):
    (tmp_path / "1" / "bin").mkdir(parents=True)
    (tmp_path / "1" / IN_USE).touch()
    generation = make_generation(1)
    with pytest.raises(WorkerError, match="worker"):
        tried(WorkerProbe(), Generation(id=generation.id, python=str(tmp_path / "1" / "bin" / "python")))
