"""What is taken over is what was installed, with scripts that start the new generation's Python."""

import os
import stat
import subprocess
import sys
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from package_project import build_wheel, make_package

from psynapse.environments.base import Base
from psynapse.environments.linking import take_over
from psynapse.environments.overlay import Overlay
from psynapse.environments.uv import find_uv

FILES = {
    "scope_hello/__init__.py": "def main():\n    print('hello')\n",
    "scope_hello/data.txt": "data",
    "scope_hello/deep/er/__init__.py": "",
}


def make_overlay(folder: Path, base: Base) -> Overlay:
    """An environment made by the real uv."""
    subprocess.run([find_uv(), "venv", "--quiet", "--no-project", "--python", base.python, str(folder)], check=True)
    overlay = Overlay(folder, base.version)
    overlay.lead_to(base)
    return overlay


@pytest.fixture
def source(tmp_path: Path, base: Base, hermetic: Path) -> Overlay:
    """An environment with one package in it."""
    project = make_package(tmp_path, "scope-hello", files=FILES, scripts={"say-hello": "scope_hello:main"})
    overlay = make_overlay(tmp_path / "source", base)
    options = ["--quiet", "--offline", "--no-deps", "--link-mode", "copy", "--python", str(overlay.python)]
    subprocess.run([find_uv(), "pip", "install", *options, str(build_wheel(project))], check=True)
    return overlay


@pytest.fixture
def target(tmp_path: Path, base: Base, hermetic: Path) -> Overlay:
    return make_overlay(tmp_path / "target", base)


def installed(overlay: Overlay) -> Distribution:
    return overlay.distributions()["scope-hello"]


@pytest.mark.parametrize("copy", [True, False])
def test_everything_is_there_and_is_shared_unless_it_is_to_be_copied(copy: bool, source: Overlay, target: Overlay):
    subprocess.run([str(source.python), "-c", "import scope_hello.deep.er"], check=True)
    assert take_over(installed(source), source, target, copy=copy)
    assert set(target.distributions()) == {"scope-hello"}
    ours, theirs = (overlay.site / "scope_hello" / "data.txt" for overlay in (target, source))
    assert ours.read_text() == "data"
    assert ours.samefile(theirs) is not copy
    assert ours.stat().st_mtime_ns == theirs.stat().st_mtime_ns
    # Bytecode is the business of whoever imports it first.
    assert not (target.site / "scope_hello" / "__pycache__").exists()
    said = subprocess.run([str(target.scripts / "say-hello")], capture_output=True, text=True, check=True)
    assert said.stdout == "hello\n"


def test_scripts_start_the_python_of_where_they_are(source: Overlay, target: Overlay):
    take_over(installed(source), source, target, copy=False)
    script = target.scripts / "say-hello"
    assert str(target.folder) in script.read_text()
    assert str(source.folder) not in script.read_text()
    assert stat.S_IMODE(script.stat().st_mode) == stat.S_IMODE((source.scripts / "say-hello").stat().st_mode)


def test_a_program_that_is_no_script_is_taken_over_as_it_is(source: Overlay, target: Overlay):
    content = b"\x7fELF " + os.fsencode(source.folder)
    (source.scripts / "say-hello").write_bytes(content)
    take_over(installed(source), source, target, copy=True)
    assert (target.scripts / "say-hello").read_bytes() == content


@pytest.mark.parametrize(
    "row", ["../../../../../outside.txt,,", "scope_hello/missing.py,,", "../../../bin/program.exe,,", "/etc/hostname,,"]
)
def test_what_cannot_be_taken_over_whole_is_not_taken_over_at_all(row: str, source: Overlay, target: Overlay):
    (source.scripts / "program.exe").touch()
    (source.folder.parent / "outside.txt").touch()
    record = next(source.site.glob("*.dist-info")) / "RECORD"
    record.write_text(record.read_text() + row + "\n")
    assert not take_over(installed(source), source, target, copy=False)
    assert target.distributions() == {}


def test_bytecode_that_is_recorded_and_not_there_does_not_count(source: Overlay, target: Overlay):
    record = next(source.site.glob("*.dist-info")) / "RECORD"
    record.write_text(record.read_text() + "scope_hello/__pycache__/__init__.cpython-39.pyc,,\n")
    assert take_over(installed(source), source, target, copy=False)


def test_without_a_record_nothing_is_taken_over(source: Overlay, target: Overlay):
    (next(source.site.glob("*.dist-info")) / "RECORD").unlink()
    assert not take_over(installed(source), source, target, copy=False)
    assert target.distributions() == {}


@pytest.mark.parametrize("copy", [True, False])
def test_what_another_package_has_brought_already_stays(copy: bool, source: Overlay, target: Overlay):
    (target.site / "scope_hello").mkdir()
    (target.site / "scope_hello" / "data.txt").write_text("of another package")
    (target.scripts / "say-hello").write_text("another script")
    assert take_over(installed(source), source, target, copy=copy)
    assert (target.site / "scope_hello" / "data.txt").read_text() == "of another package"
    assert (target.scripts / "say-hello").read_text() == "another script"


def test_where_links_cannot_be_made_files_are_copied(source: Overlay, target: Overlay, monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("psynapse.environments.linking.os.link", refuse)
    assert take_over(installed(source), source, target, copy=False)
    assert not (target.site / "scope_hello" / "data.txt").samefile(source.site / "scope_hello" / "data.txt")
    assert (target.site / "scope_hello" / "data.txt").read_text() == "data"


def test_an_overlay_comes_before_the_base_and_its_files_are_read_only(source: Overlay):
    code = "import sys, scope_hello, pydantic; print(scope_hello.__file__); print(pydantic.__file__)"
    ran = subprocess.run([str(source.python), "-c", code], capture_output=True, text=True, check=True)
    first, second = ran.stdout.splitlines()
    assert Path(first).is_relative_to(source.site)
    assert not Path(second).is_relative_to(source.site)
    interpreter = Path(sys.executable).stat().st_mode
    source.protect()
    source.protect()
    modes = [path.lstat().st_mode for path in source.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    assert modes
    assert not any(mode & 0o222 for mode in modes)
    assert Path(sys.executable).stat().st_mode == interpreter
    # Folders are not: bytecode is written when a module is first imported.
    (source.site / "scope_hello" / "__pycache__").mkdir(exist_ok=True)


def test_a_path_with_odd_characters_leads_to_the_base_as_well(tmp_path: Path, base: Base, hermetic: Path):
    odd = tmp_path / 'it\'s "odd" ü'
    (odd / "site").mkdir(parents=True)
    (odd / "site" / "only_there.py").touch()
    overlay = make_overlay(tmp_path / "overlay", base)
    overlay.lead_to(Base(python=base.python, version=base.version, site_dirs=(odd / "site",), distributions={}))
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([str(overlay.python), "-c", "import only_there"], check=True, env=environment)
