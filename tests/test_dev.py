"""dev.py is what a newcomer meets first, on a machine of which nothing is known."""

import ast
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "dev.py"


def load_script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load_script(SCRIPT)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return tmp_path


def start(*arguments: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_without_a_command_the_table_is_shown_and_the_exit_code_is_2():
    ended = start()
    assert ended.returncode == 2
    assert all(f"  {name} " in ended.stdout for name in ("run", "test", "check", "bench"))
    assert ended.stderr == ""


def test_help_shows_the_same_table_and_succeeds():
    assert start("--help").returncode == 0
    assert start("--help").stdout == start().stdout


def test_an_unknown_command_is_named_on_stderr_with_the_table():
    ended = start("nonsense")
    assert ended.returncode == 2
    assert "'nonsense'" in ended.stderr
    assert dev.table() in ended.stderr
    assert ended.stdout == ""


def test_every_command_has_a_row_in_the_table():
    rows = dev.table().splitlines()[2:]
    assert [row.split()[0] for row in rows] == list(dev.COMMANDS)
    assert all(command.summary in row for row, command in zip(rows, dev.COMMANDS.values(), strict=True))


def test_an_unknown_check_is_refused_with_the_ones_there_are(capsys: pytest.CaptureFixture[str]):
    assert dev.check(["spelling"]) == 2
    answer = capsys.readouterr().err
    assert "'spelling'" in answer
    assert all(name in answer for name in dev.CHECKS)


@pytest.mark.parametrize("version", [(2, 7), (3, 7), (3, 10)])
def test_a_python_that_is_too_old_is_told_what_to_do(version: tuple[int, int]):
    problem = dev.python_problem(version)
    assert f"this is {version[0]}.{version[1]}" in problem
    assert "Python 3.11 or newer" in problem
    assert "dev.py" in problem


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_a_python_that_is_new_enough_is_no_problem(version: tuple[int, int]):
    assert dev.python_problem(version) == ""


def test_old_pythons_can_read_the_script_far_enough_to_say_that_they_are_too_old():
    assert ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_without_venv_names_the_package_that_has_it():
    problem = dev.venv_problem(lambda name: name != "ensurepip")
    assert "lacks ensurepip" in problem
    assert "python3-venv" in problem
    assert dev.venv_problem(lambda _: True) == ""


def test_a_new_checkout_needs_setting_up_once(checkout: Path):
    wanted = dev.wanted_setup(["dev"], checkout)
    stamp = checkout / "stamp.json"
    assert dev.needs_setup(dev.read_setup(stamp), wanted)
    dev.write_setup(stamp, wanted)
    assert dev.read_setup(stamp) == wanted
    assert not dev.needs_setup(dev.read_setup(stamp), dev.wanted_setup(["dev"], checkout))


def test_a_changed_pyproject_needs_setting_up_but_not_another_environment(checkout: Path):
    before = dev.wanted_setup(["dev"], checkout)
    (checkout / "pyproject.toml").write_text("[project]\nname = 'other'\n", encoding="utf-8")
    after = dev.wanted_setup(["dev"], checkout)
    assert dev.needs_setup(before, after)
    assert not before.has_moved_to(after)


def test_another_python_or_another_folder_needs_another_environment(checkout: Path):
    done = dev.wanted_setup(["dev"], checkout)
    for moved in (done._replace(python="3.99"), done._replace(checkout="elsewhere")):
        assert dev.needs_setup(done, moved)
        assert done.has_moved_to(moved)


def test_more_extras_need_setting_up_and_fewer_do_not(checkout: Path):
    some, more = dev.wanted_setup(["dev"], checkout), dev.wanted_setup(["dev", "bench"], checkout)
    assert dev.needs_setup(some, more)
    assert not dev.needs_setup(more, some)


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "{}", '{"python": "3.11", "unknown": 1}', "\x00"])
def test_a_damaged_stamp_counts_as_none(checkout: Path, content: str):
    stamp = checkout / "stamp.json"
    stamp.write_text(content, encoding="utf-8")
    assert dev.read_setup(stamp) is None


@pytest.fixture
def prepared(checkout: Path) -> Path:
    """A copy of dev.py in a folder with spaces, whose environment is recorded as finished and has only our programs.

    Never a real virtual environment: its python is a link, and writing a program there would reach the interpreter.
    """
    root = checkout / "a folder with spaces"
    root.mkdir()
    (checkout / "pyproject.toml").rename(root / "pyproject.toml")
    (root / "dev.py").write_bytes(SCRIPT.read_bytes())
    copy = load_script(root / "dev.py")
    (copy.VENV / "bin").mkdir(parents=True)
    copy.write_setup(copy.STAMP, copy.wanted_setup(["dev", "bench", "docs"]))
    put_program(root, "python", "exit 0")
    return root


def put_program(root: Path, name: str, body: str) -> None:
    program = root / ".venv" / "bin" / name
    assert not program.is_symlink()
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


posix = pytest.mark.skipif(os.name != "posix", reason="the programs put in place are shell scripts")


@posix
def test_the_exit_code_and_the_arguments_pass_through(prepared: Path):
    put_program(prepared, "psynapse", 'printf "<%s>" "$@"; exit 7')
    ended = start("run", "check", "my flow.json", script=prepared / "dev.py")
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "<check><my flow.json>", "")


@posix
def test_run_builds_the_editor_and_then_starts_psynapse(prepared: Path):
    put_program(prepared, "python", 'printf "<%s>" "$@"')
    put_program(prepared, "psynapse", 'printf "psynapse<%s>" "$@"')
    assert start("run", script=prepared / "dev.py").stdout == "<frontend/build.py>psynapse<>"


@posix
@pytest.mark.parametrize(("arguments", "passed"), [([], "<build>"), (["serve", "-a", ":8001"], "<serve><-a><:8001>")])
def test_docs_builds_the_documentation_or_does_what_mkdocs_is_told(prepared: Path, arguments: list[str], passed: str):
    put_program(prepared, "python", 'printf "<%s>" "$@"')
    assert start("docs", *arguments, script=prepared / "dev.py").stdout == f"<-m><mkdocs>{passed}"


@posix
def test_pictures_are_taken_of_the_editor_as_it_is_now(prepared: Path):
    put_program(prepared, "python", 'printf "<%s>" "$@"')
    ended = start("pictures", "hello-text", script=prepared / "dev.py")
    assert ended.stdout == "<frontend/build.py><tests/e2e/template_pictures.py><hello-text>"


@posix
def test_nothing_is_started_when_the_editor_cannot_be_built(prepared: Path):
    put_program(prepared, "python", "exit 1")
    put_program(prepared, "psynapse", "echo started")
    ended = start("run", script=prepared / "dev.py")
    assert (ended.returncode, ended.stdout) == (1, "")


@posix
def test_without_arguments_the_tests_of_the_editor_run_as_well_even_after_a_failure(prepared: Path):
    put_program(prepared, "npm", "echo npm; exit 3")
    put_program(prepared, "python", "echo python; exit 0")
    ended = start("test", script=prepared / "dev.py")
    assert (ended.returncode, ended.stdout.split()) == (3, ["python", "npm", "python"])


@posix
def test_a_program_killed_by_a_signal_gives_the_shells_exit_code(prepared: Path):
    put_program(prepared, "psynapse", "kill -9 $$")
    assert start("run", script=prepared / "dev.py").returncode == 137


@pytest.fixture
def keyboard() -> Iterator[None]:
    """Programs are started so that Ctrl-C reaches them. A shell that runs tests in the background has it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix
@pytest.mark.usefixtures("keyboard")
def test_ctrl_c_is_quiet_and_lets_the_program_put_things_in_order(prepared: Path):
    put_program(
        prepared, "psynapse", 'trap "sleep 0.5; echo in order; exit 3" INT; echo ready; while :; do sleep 0.05; done'
    )
    command = [sys.executable, str(prepared / "dev.py"), "run"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        # The script must be waiting by now; a terminal sends the signal to the whole group, and so does this.
        time.sleep(0.2)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    assert (process.returncode, output, errors) == (3, "in order\n", "")


@posix
def test_every_check_runs_even_after_one_has_failed(prepared: Path):
    put_program(prepared, "ruff", "exit 1")
    put_program(prepared, "pyright", "exit 0")
    put_program(prepared, "lint-imports", "exit 0")
    put_program(prepared, "npm", "exit 0")
    ended = start("check", script=prepared / "dev.py")
    assert ended.returncode == 1
    assert "== editor" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "Failed: format, lint"


@posix
def test_a_failing_pip_shows_its_last_lines_and_what_to_do(prepared: Path):
    put_program(prepared, "python", "seq -f 'line %g' 1 30; echo 'no such index' >&2; exit 1")
    copy = load_script(prepared / "dev.py")
    with pytest.raises(copy.Stopped) as stopped:
        copy._install(["dev"])
    shown = str(stopped.value).splitlines()
    assert shown[0].startswith("pip could not install")
    assert shown[-2:-1] == ["  no such index"]
    assert shown[2] == "  line 12"
    assert "network" in shown[-1]


@posix
def test_an_installation_that_failed_does_not_look_finished(checkout: Path):
    (checkout / "dev.py").write_bytes(SCRIPT.read_bytes())
    copy = load_script(checkout / "dev.py")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(copy.VENV)], check=True, timeout=60)
    copy.write_setup(copy.STAMP, copy.wanted_setup([]))
    command = [str(copy.VENV / "bin" / "python"), str(checkout / "dev.py"), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "No module named pip" in ended.stderr
    assert copy.read_setup(copy.STAMP) is None


@posix
def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path):
    (checkout / "dev.py").write_bytes(SCRIPT.read_bytes())
    copy = load_script(checkout / "dev.py")
    (copy.VENV / "bin").mkdir(parents=True)
    (copy.VENV / "bin" / "python").symlink_to(checkout / "removed")
    copy.write_setup(copy.STAMP, copy.wanted_setup(["dev"]))
    (checkout / "pyproject.toml").write_text("not TOML", encoding="utf-8")
    ended = start("run", script=checkout / "dev.py")
    assert (copy.VENV / "bin" / "python").exists()
    assert ended.returncode == 1
    assert "pip could not install" in ended.stderr
