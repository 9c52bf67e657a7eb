"""Programs of packages: whatever Python they were written for, that of the generation runs them."""

import asyncio
import os
import subprocess
from pathlib import Path

import pytest
from package_project import make_package

from psynapse.environments.base import Base
from psynapse.environments.building import Building, build
from psynapse.environments.locked import Locked
from psynapse.environments.running import ignore_line
from psynapse.environments.scripts import run_by
from psynapse.environments.uv import Uv

SAYS = "print('hello')\n"


def head(python: Path) -> str:
    """A program's first line, as uv writes it for a short path without spaces."""
    return f"#!{python}\n"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The Python that uv wrote programs for; it has three names."""
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("python", "python3", "python3.11", "pip"):
        (folder / name).touch()
    return folder / "python"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("name", ["python", "python3", "python3.11"])
def test_every_name_of_the_other_python_is_replaced(name: str, here: Path, programs: Path):
    program = programs / "hello"
    program.write_text(head(here.with_name(name)) + SAYS)
    program.chmod(0o755)
    run_by(Path("/there/python"), programs, instead_of=here)
    assert program.read_text() == head(Path("/there/python")) + SAYS
    assert program.stat().st_mode & 0o777 == 0o755


def test_arguments_on_the_first_line_stay(here: Path, programs: Path):
    (programs / "hello").write_text(f"#!{here} -E\n{SAYS}")
    run_by(Path("/there/python"), programs, instead_of=here)
    assert (programs / "hello").read_text() == f"#!/there/python -E\n{SAYS}"


def test_what_is_no_program_of_that_python_stays(here: Path, programs: Path):
    contents = {"other": head(Path("/other/python")), "shell": "#!/bin/sh\n", "binary": "\x7fELF", "empty": ""}
    for name, content in contents.items():
        (programs / name).write_text(content)
    (programs / "folder").mkdir()
    (programs / "python").symlink_to(here)
    run_by(Path("/there/python"), programs, instead_of=here)
    assert {name: (programs / name).read_text() for name in contents} == contents
    assert (programs / "python").is_symlink()


def test_a_program_that_is_linked_to_another_one_changes_alone(here: Path, programs: Path, tmp_path: Path):
    (programs / "hello").write_text(head(here))
    os.link(programs / "hello", tmp_path / "cached")
    run_by(Path("/there/python"), programs, instead_of=here)
    assert (tmp_path / "cached").read_text() == head(here)


def test_without_programs_there_is_nothing_to_do(here: Path, tmp_path: Path):
    run_by(Path("/there/python"), tmp_path / "nowhere", instead_of=here)


@pytest.mark.parametrize("place", ["plain", "with a 'space'", "long" * 40])
def test_a_program_that_was_installed_runs_in_its_generation(place: str, tmp_path: Path, hermetic: Path, base: Base):
    files = {"scope_hello/__init__.py": "import sys\n\ndef tell():\n    print(sys.executable)\n"}
    project = make_package(tmp_path, "scope-hello", files=files, scripts={"scope-hello": "scope_hello:tell"})
    line = f"scope-hello @ {project.as_uri()}"
    wanted = Locked(name="scope-hello", version="1.0", line=line, source="local", path=str(project))
    folder = tmp_path / place / "1"
    folder.mkdir(parents=True)
    fresh = frozenset({"scope-hello"})
    building = Building(uv=Uv(tmp_path / "cache"), base=base, folder=folder, locked=(wanted,), fresh=fresh)
    overlay = asyncio.run(build(building, ignore_line))
    ran = subprocess.run([overlay.scripts / "scope-hello"], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == str(overlay.python)
