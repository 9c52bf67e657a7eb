import os
import re
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from psynapse.cli.doctor.workers import nodepacks, stray_processes, strays
from psynapse.settings import Settings
from psynapse.worker.variables import MARK

Make = Callable[..., Settings]


def _pack(folder: Path, name: str, code: str) -> Path:
    (folder / name).mkdir(parents=True)
    (folder / name / "ops.py").write_text(code)
    return folder / name / "ops.py"


def test_a_worker_starts_and_says_what_it_has(settings: Make, tmp_path: Path):
    _pack(tmp_path / "packs", "mine", "def one() -> int:\n    return 1\n")
    finding = nodepacks(settings(nodepacks_dir=tmp_path / "packs"))
    assert finding.level == "ok"
    assert re.search(r"in \d+ nodepacks", finding.message)


def test_each_file_that_fails_to_load_is_named_with_the_first_line_of_why(settings: Make, tmp_path: Path):
    _pack(tmp_path / "packs", "good", "def one() -> int:\n    return 1\n")
    torn = _pack(tmp_path / "packs", "torn", "def one( -> int:\n")
    lost = _pack(tmp_path / "packs", "lost", "raise RuntimeError('first line\\nsecond line')\n")
    finding = nodepacks(settings(nodepacks_dir=tmp_path / "packs"))
    assert finding.level == "problem"
    assert "2 could not be loaded" in finding.message
    assert len(finding.details) == 2
    assert any(line == f"{lost}: RuntimeError: first line" for line in finding.details)
    assert any(line.startswith(f"{torn}: SyntaxError: ") for line in finding.details)


def test_a_nodepack_that_only_lacks_an_extra_is_a_note_with_the_command(settings: Make, tmp_path: Path):
    lacking = "raise ImportError('this needs Pillow; add it with: pip install \"psynapse[images]\"')\n"
    _pack(tmp_path / "packs", "pictures", lacking)
    _pack(tmp_path / "packs", "more_pictures", lacking)
    finding = nodepacks(settings(nodepacks_dir=tmp_path / "packs"))
    assert finding.level == "ok"
    assert 'not installed: more_pictures, pictures; add what is missing: python -m pip install "psynapse[images]"' in (
        finding.details
    )


def test_a_nodepack_that_kills_the_worker_is_a_problem(settings: Make, tmp_path: Path):
    _pack(tmp_path / "packs", "deadly", "import os\nos._exit(9)\n")
    finding = nodepacks(settings(nodepacks_dir=tmp_path / "packs"))
    assert finding.level == "problem"
    assert "no worker can start: the worker process ended with exit code 9" in finding.message
    assert finding.hint


def test_a_program_whose_worker_is_gone_is_left_over(settings: Make):
    mark = uuid.uuid4().hex
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    with subprocess.Popen(command, env={**os.environ, MARK: mark}, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert process.pid in dict(stray_processes())
        finding = strays(settings())
        process.kill()
    assert finding.level == "warning"
    assert str(process.pid) in finding.hint
    assert any(f"process {process.pid}: {sys.executable} -c import time" in line for line in finding.details)
    assert process.pid not in dict(stray_processes())
