import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from psynapse.cli.doctor.finding import Finding, ok
from psynapse.cli.doctor.program import CHECKS, carried_out
from psynapse.errors import StorageError
from psynapse.settings import Settings, read_settings

MAIN = [sys.executable, "-c", "import sys; from psynapse.cli import main; sys.exit(main())", "doctor"]


def doctor(tmp_path: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PSYNAPSE_", "NODEPACKS_"))}
    command = [*MAIN, "--data-dir", str(tmp_path / "data"), *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        check=False,
        env={**kept, "PSYNAPSE_PORT": "0", **env},
    )


def test_every_check_is_a_line_and_nothing_is_wrong_here(tmp_path: Path):
    done = doctor(tmp_path)
    assert done.returncode == 0, done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "warning ", "problem "))]
    assert len(lines) == len(CHECKS)
    assert not any(line.startswith("problem") for line in lines)
    assert not (tmp_path / "data").exists()


def test_json_has_what_the_lines_have_and_a_problem_counts(tmp_path: Path):
    broken = tmp_path / "nodepacks" / "broken"
    broken.mkdir(parents=True)
    (broken / "ops.py").write_text("import nothing_of_that_name\n")
    done = doctor(tmp_path, "--json", PSYNAPSE_PROT="80")
    assert done.returncode == 1
    answer: dict[str, Any] = json.loads(done.stdout)
    found = {finding["check"]: finding for finding in answer["findings"]}
    assert list(found) == list(CHECKS)
    assert answer["problems"] == 1
    assert found["nodepacks"]["level"] == "problem"
    assert str(broken / "ops.py") in found["nodepacks"]["details"][0]
    assert found["variables"]["level"] == "warning"


def test_a_variable_that_cannot_be_used_is_a_problem_and_the_other_checks_go_on(tmp_path: Path):
    done = doctor(tmp_path, "--json", PSYNAPSE_PORT="eighty", NODEPACKS_DIR="nowhere")
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    settings = [finding["message"] for finding in findings if finding["check"] == "settings"]
    assert len(settings) == 2
    assert any("PSYNAPSE_PORT" in message for message in settings)
    assert len(findings) == len(CHECKS) + 2


def test_an_option_that_makes_no_sense_is_wrong_usage(tmp_path: Path):
    done = doctor(tmp_path, "--port", "99999")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")


def test_a_check_that_breaks_is_a_problem_and_the_others_go_on():
    def breaks(_: Settings) -> Finding:
        raise KeyError("surprise")

    def refuses(_: Settings) -> Finding:
        raise StorageError("no disk", hint="find it")

    checks = {"one": breaks, "two": refuses, "three": lambda _: ok("fine")}
    findings = dict(carried_out(checks, read_settings(environ={})))
    assert [finding.level for finding in findings.values()] == ["problem", "problem", "ok"]
    assert "KeyError: 'surprise'" in findings["one"].message
    assert (findings["two"].message, findings["two"].hint) == ("the check itself failed: no disk", "find it")
