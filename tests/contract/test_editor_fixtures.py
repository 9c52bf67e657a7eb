"""The server's answers that the editor's tests are committed with are the answers it gives now."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from psynapse.catalog.registry import load_registry
from psynapse.model.types import TypeExpr, parse_type

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "frontend" / "fixtures" / "make_type_fits.py"
COMMITTED = ROOT / "frontend" / "src" / "graph" / "type_fits.json"


def script() -> ModuleType:
    spec = spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_type_fits_are_up_to_date():
    hint = "run frontend/fixtures/make_type_fits.py"
    assert COMMITTED.read_text(encoding="utf-8") == script().make(), hint


def test_there_are_many_type_fits_of_every_answer():
    answers = [case["answer"] for case in json.loads(COMMITTED.read_text(encoding="utf-8"))]
    assert len(answers) >= 200
    assert all(answers.count(answer) >= 50 for answer in ("fits", "converts", "unlikely"))


def names_in(hint: TypeExpr) -> set[str]:
    return {hint.name}.union(*map(names_in, hint.args))


def test_the_types_of_the_shipped_nodepacks_are_among_them():
    schemas = load_registry([(ROOT / "nodepacks", "shipped")]).catalog.schemas
    used = [port.type for schema in schemas for port in (*schema.params, *schema.returns)]
    known = [parse_type(hint) for hint in script().HINTS]
    assert set().union(*map(names_in, used)) - set().union(*map(names_in, known)) == set()
