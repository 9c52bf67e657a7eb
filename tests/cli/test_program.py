import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import psynapse

Program = Callable[..., subprocess.CompletedProcess[str]]
Write = Callable[..., Path]


def _loaded_after(arguments: str) -> set[str]:
    code = (
        f"import sys; sys.argv = ['psynapse', *{arguments.split()!r}]; from psynapse.cli import main; main();"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", ["--version", "--help"])
def test_version_and_help_load_neither_engine_nor_pydantic(arguments: str):
    loaded = _loaded_after(arguments)
    assert "psynapse.cli" in loaded
    assert not {
        name for name in loaded if name.startswith(("psynapse.engine", "psynapse.catalog", "psynapse.services"))
    }
    assert not loaded & {"pydantic", "orjson", "rich.console", "asyncio", "fastapi", "starlette", "uvicorn"}


def test_version_names_the_version(program: Program):
    assert program("--version").stdout == f"psynapse {psynapse.__version__}\n"


def test_help_lists_the_verbs_and_says_what_happens_without_one(program: Program):
    done = program("--help")
    assert done.returncode == 0
    assert all(verb in done.stdout for verb in ("serve", "run", "check", "catalog", "doctor", "Exit codes"))
    assert "Without a command: start the server and open the editor." in " ".join(done.stdout.split())


@pytest.mark.parametrize("arguments", [["run"], ["run", "x.json", "--nonsense"], ["nonsense"], ["check"]])
def test_wrong_usage_is_one_error_with_a_hint(program: Program, arguments: list[str]):
    done = program(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    error, hint = done.stderr.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: psynapse")


@pytest.mark.parametrize("verb", ["run", "check"])
@pytest.mark.parametrize(
    ("content", "message"), [(None, "cannot be read"), ("", "is empty"), ("{", "is not JSON"), ("[1]", "no workflow")]
)
def test_a_file_that_cannot_be_used_is_one_error_with_a_hint(
    program: Program, tmp_path: Path, verb: str, content: str | None, message: str
):
    path = tmp_path / "some.json"
    if content is not None:
        path.write_text(content)
    done = program(verb, path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "\nhint: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_nodepacks_that_does_not_exist_is_an_error(program: Program, workflow: Write):
    done = program("run", workflow(), "--nodepacks-dir", "nowhere")
    assert done.returncode == 2
    assert "error: --nodepacks-dir names nowhere, which does not exist" in done.stderr


def test_a_reader_that_goes_away_is_no_error(nodepacks: Path):
    code = "import sys; sys.argv = ['psynapse', 'catalog']; from psynapse.cli import main; sys.exit(main())"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        stderr = process.stderr.read().decode()
    assert "Traceback" not in stderr
    assert "bug" not in stderr
    assert "Broken" not in stderr


def test_a_bug_of_ours_is_named_as_one_with_its_traceback():
    code = (
        "import sys, typer; from psynapse.cli.program import run_program; app = typer.Typer()\n"
        "@app.command()\n"
        "def broken() -> None: raise KeyError('ours')\n"
        "sys.argv = ['x']; sys.exit(run_program(app, 'x'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "error: this is a bug in psynapse: KeyError" in done.stderr
