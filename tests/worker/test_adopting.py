"""Workers of environments on top of psynapse's own are forked by the one fork server there is."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from fork_bench import fork_server_of, forking, parent_of, with_launcher
from worker_bench import play

from psynapse.environments.base import read_base
from psynapse.environments.overlay import Overlay
from psynapse.environments.uv import find_uv
from psynapse.worker.adopting import is_adoptable
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")

SpecOf = Callable[[Mapping[str, str]], WorkerSpec]
OPS = """
import multiprocessing, subprocess, sys
from typing import Any

def standing(sentinel: str = "") -> Any:
    import only_there, beside
    code = "import only_there, sys; print(only_there.VALUE, sys.prefix)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    return [only_there.VALUE, beside.VALUE, sys.executable, sys.prefix, sys.exec_prefix, child]

def paths() -> Any:
    return sys.path
"""


@pytest.fixture
def spec_of(tmp_path: Path) -> SpecOf:
    def make(files: Mapping[str, str]) -> WorkerSpec:
        """A generation's environment with these files in it, and one beside it that a .pth file leads to."""
        base = read_base()
        overlay = Overlay(tmp_path / "generation", base.version)
        command = [find_uv(), "venv", "--quiet", "--no-project", "--python", base.python, str(overlay.folder)]
        subprocess.run(command, check=True)
        overlay.lead_to(base)
        (tmp_path / "editable").mkdir()
        (tmp_path / "editable" / "beside.py").write_text("VALUE = 'beside'\n")
        (overlay.site / "editable.pth").write_text(f"{tmp_path / 'editable'}\n")
        for name, text in {"only_there.py": "VALUE = 'there'\n", **files}.items():
            (overlay.site / name).parent.mkdir(exist_ok=True)
            (overlay.site / name).write_text(text)
        pack = tmp_path / "packs" / "asking"
        pack.mkdir(parents=True)
        (pack / "ops.py").write_text(OPS)
        return WorkerSpec(roots=((tmp_path / "packs", "user"),), python=str(overlay.python), site=overlay.site)

    return make


def test_it_is_what_a_worker_of_its_own_python_is(spec_of: SpecOf):
    spec = spec_of({})
    plain = replace(spec, python=sys.executable, site=None, roots=())

    async def story(launcher: Launcher) -> None:
        async with forking(plain, launcher) as other, forking(spec, launcher) as forked, forking(spec, None) as spawned:
            assert parent_of(forked.pid) == parent_of(other.pid) == fork_server_of(launcher)
            assert parent_of(spawned.pid) != fork_server_of(launcher)
            standing = [(await play(worker, "standing")).values["view"] for worker in (forked, spawned)]
            paths = [(await play(worker, "paths")).values["view"] for worker in (forked, spawned)]
        prefix = str(Path(spec.python).parents[1])
        assert standing[0] == ["there", "beside", spec.python, prefix, prefix, ["there", prefix]]
        assert standing[0] == standing[1]
        assert paths[0] == paths[1]

    with_launcher(story)


@pytest.mark.parametrize("module", ["orjson/__init__.py", "pydantic.py"])
def test_where_something_would_be_something_else_its_own_python_forks(spec_of: SpecOf, module: str):
    spec = spec_of({"shadow/__init__.py": ""})
    assert spec.site is not None
    (spec.site / module).parent.mkdir(exist_ok=True)
    source = f"import importlib.util, sys; sys.path.remove({str(spec.site)!r}); "
    name = module.removesuffix(".py").partition("/")[0]
    (spec.site / module).write_text(source + f"sys.modules.pop({name!r}); import {name}; sys.path.insert(0, '')\n")

    async def story(launcher: Launcher) -> None:
        plain = replace(spec, python=sys.executable, site=None, roots=())
        async with forking(plain, launcher) as other, forking(spec, launcher) as forked:
            assert parent_of(forked.pid) != parent_of(other.pid)
            assert spec.python in launcher._pythons

    with_launcher(story)


def test_a_folder_that_is_not_there_is_not_adopted(tmp_path: Path):
    assert not is_adoptable(str(tmp_path / "gone"))
    assert is_adoptable(str(tmp_path))
    (tmp_path / "orjson-9.dist-info").mkdir()
    assert is_adoptable(str(tmp_path))
    (tmp_path / "orjson").mkdir()
    assert not is_adoptable(str(tmp_path))
