"""What the fork server imports for its workers, and what it leaves to them."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from psynapse.worker import preload

MODULES = {
    "harmless": ("", 0),
    "raises": ("raise RuntimeError", 1),
    "leaves": ("raise SystemExit(0)", 1),
    "starts_a_thread": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        1,
    ),
}


def rehearsed(module: str, folder: Path) -> int:
    code = f"from psynapse.worker.preload import rehearse; rehearse({module!r})"
    env = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run([sys.executable, "-c", code], check=False, env=env, capture_output=True).returncode


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_imported_only_if_nothing_of_it_is_lost_by_a_fork(tmp_path: Path, module: str):
    source, expected = MODULES[module]
    (tmp_path / f"{module}.py").write_text(source)
    assert rehearsed(module, tmp_path) == expected


@pytest.mark.parametrize("module", ["numpy", "PIL.Image", "pandas"])
def test_the_packages_that_nodes_use_most_can_be_imported_beforehand(tmp_path: Path, module: str):
    pytest.importorskip(module)
    if module == "pandas" and find_spec("pyarrow"):
        pytest.skip("pandas imports pyarrow where that is installed, and that keeps a thread")
    assert rehearsed(module, tmp_path) == 0


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pandas as pd", True),
        ("def f():\n    from pandas import DataFrame", True),
        ("import numpy  # not pandas", False),
        ("import pandas_of_mine", False),
        ("text = 'import pandas'", False),
    ],
)
def test_pandas_is_imported_only_where_a_nodepack_mentions_it(tmp_path: Path, source: str, found: bool):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "ops.py").write_text(source)
    assert ("pandas" in preload.wanted([tmp_path])) is found


def test_what_is_not_installed_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(preload, "ALWAYS", ("json.decoder", "not_installed_anywhere.part"))
    assert list(preload.wanted([tmp_path])) == ["json.decoder"]
