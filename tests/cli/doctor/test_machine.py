import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from psynapse.cli.doctor.machine import (
    available_memory,
    known_variables,
    memory,
    temporary_folder,
    unusable_variables,
    variables,
)
from psynapse.settings import Settings

Make = Callable[..., Settings]


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], None]:
    """Sets exactly these variables among those that could be taken for psynapse's."""
    import os

    for name in list(os.environ):
        if name.startswith("PSYNAPSE_") or name in {"NODEPACKS_DIR", "CORS_ORIGINS"}:
            monkeypatch.delenv(name)

    def set_all(given: Mapping[str, str]) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)

    return set_all


Environ = Callable[[Mapping[str, str]], None]


def test_little_memory_is_a_warning(settings: Make):
    assert memory(settings(), least=0).level == "ok"
    assert memory(settings(), least=1 << 62).level == "warning"
    found = available_memory()
    assert found is not None
    assert found > 1 << 20


def test_the_names_psynapse_reads_are_known_from_its_settings():
    known = known_variables()
    assert {"NODEPACKS_DIR", "PSYNAPSE_DATA_DIR", "PSYNAPSE_TOKEN", "PSYNAPSE_PORT", "CORS_ORIGINS"} <= known


def test_variables_that_are_set_are_shown_but_never_a_token(settings: Make, environ: Environ):
    assert variables(settings()).level == "ok"
    environ({"PSYNAPSE_PORT": "8123", "PSYNAPSE_TOKEN": "hush-hush"})
    finding = variables(settings())
    assert finding.level == "ok"
    assert "PSYNAPSE_PORT=8123" in finding.message
    assert "PSYNAPSE_TOKEN is set" in finding.message
    assert "hush" not in repr(finding)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PSYNAPSE_DATADIR", "PSYNAPSE_DATA_DIR"),
        ("PSYNAPSE_TOKNE", "PSYNAPSE_TOKEN"),
        ("NODEPACK_DIR", "NODEPACKS_DIR"),
        ("CORS_ORIGIN", "CORS_ORIGINS"),
    ],
)
def test_a_misspelt_name_is_a_warning_with_the_name_that_is_meant(
    settings: Make, environ: Environ, name: str, meant: str
):
    environ({name: "hush-hush"})
    finding = variables(settings())
    assert finding.level == "warning"
    assert finding.details == (f"{name} is unknown; {meant} is meant?",)
    assert "hush" not in repr(finding)


def test_values_that_cannot_be_used_are_found_one_by_one():
    given = {"PSYNAPSE_PORT": "eighty", "CORS_ORIGINS": "*", "PSYNAPSE_HOST": "127.0.0.1", "HOME": "/"}
    assert set(unusable_variables(given)) == {"PSYNAPSE_PORT", "CORS_ORIGINS"}


def _temporary(tmp_path: Path, **env: str) -> list[str]:
    code = (
        "from psynapse.cli.doctor.machine import temporary_folder; from psynapse.settings import read_settings\n"
        "finding = temporary_folder(read_settings(environ={})); print(finding.level, finding.message, sep='|')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env={**env}
    )
    return done.stdout.strip().split("|")


def test_a_temporary_folder_that_cannot_be_used_is_a_warning(settings: Make, tmp_path: Path):
    assert temporary_folder(settings()).level == "ok"
    assert _temporary(tmp_path, TMPDIR=str(tmp_path)) == ["ok", str(tmp_path)]
    level, message = _temporary(tmp_path, TMPDIR=str(tmp_path / "nowhere"))
    assert level == "warning"
    assert f"TMPDIR names {tmp_path / 'nowhere'}, which cannot be used" in message
