"""What the server stores of a workflow is what the editor would write: both sides read the same cases."""

import json
from pathlib import Path

import pytest

from psynapse.model.canonical import canonical, canonical_text

CASES = sorted((Path(__file__).resolve().parents[2] / "frontend" / "fixtures" / "files").glob("*.json"))


def test_there_are_cases():
    assert len(CASES) >= 5


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in CASES])
def test_the_server_writes_what_the_editor_writes(path: Path):
    case = json.loads(path.read_text(encoding="utf-8"))
    assert json.loads(canonical_text(case["input"])) == case["dump"]
    assert canonical(case["dump"]) == case["dump"]
