"""What holds for the repository as a whole: the figures its code is held to, and what a newcomer relies on."""

import ast
import json
import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from math import ceil
from pathlib import Path
from statistics import median, quantiles

import pytest

from psynapse.model.workflow import parse_workflow

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
MEDIAN_FUNCTION = 10
LONG_FUNCTION = 45
LINES_PER_BROAD_EXCEPT = 1_000
# The name existing nodepacks import; new files say what they hold.
NAMED_BY_A_CONTRACT = {"stateful_op_utils.py"}
SOURCE_SUFFIXES = {".py", ".ts", ".tsx"}
# Folders of pages that docs/from_code makes; tests/docs builds them all.
MADE_BY_THE_SITE = ("reference/nodes", "templates")
# Made from the OpenAPI document; `npm run check` fails when it is not what would be made now.
GENERATED = {"frontend/src/wire/schema.ts"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def ignored_names() -> tuple[str, ...]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return (".git", *(line.rstrip("/") for line in lines))


def is_ignored(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in ignored_names())


@cache
def files() -> tuple[Path, ...]:
    """Every file of the checkout that git would track, found without git."""
    found: list[Path] = []
    for folder, subfolders, names in os.walk(ROOT):
        subfolders[:] = [name for name in subfolders if not is_ignored(name)]
        found += [Path(folder, name) for name in names if not is_ignored(name)]
    return tuple(sorted(found))


def texts() -> Iterator[tuple[Path, str]]:
    for path in files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def trees() -> tuple[tuple[Path, ast.Module], ...]:
    found = [path for path in files() if path.suffix == ".py" and path.is_relative_to(ROOT / "src")]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in found)


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def shown(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def functions() -> list[tuple[str, int]]:
    """Where each function of src stands, and its length in lines, its docstring and nested functions included."""
    return [
        (f"{shown(path, node.lineno)} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(is_broad(one) for one in caught.elts)
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def catches_broadly(node: ast.AST) -> bool:
    match node:
        case ast.ExceptHandler(type=caught):
            return is_broad(caught)
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=caught):
            return any(is_broad(one) for one in caught)
        case _:
            return False


def matches(pattern: str, *, under: str = "") -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{shown(path, number)} {found.group()}"
        for path, text in texts()
        if path.is_relative_to(ROOT / under)
        for number, line in enumerate(text.splitlines(), start=1)
        if (found := wanted.search(line))
    ]


def blocks(page: Path, language: str = "") -> list[str]:
    """The fenced code blocks of a page, of one language."""
    text = page.read_text(encoding="utf-8")
    return [
        body for name, body in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if name == language
    ]


def pages() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def test_no_source_file_is_too_long():
    sources = [path for path in files() if path.suffix in SOURCE_SUFFIXES and shown(path) not in GENERATED]
    assert [shown(path) for path in sources if lines_of(path) > LONGEST_FILE] == []


def test_functions_are_short():
    lengths = [length for _, length in functions()]
    longest = sorted(functions(), key=lambda item: -item[1])[:10]
    assert median(lengths) < MEDIAN_FUNCTION, longest
    assert quantiles(lengths, n=10)[-1] < LONG_FUNCTION, longest


def test_broad_excepts_are_rare():
    broad = [
        shown(path, getattr(node, "lineno", 0))
        for path, tree in trees()
        for node in ast.walk(tree)
        if catches_broadly(node)
    ]
    allowed = ceil(sum(lines_of(path) for path, _ in trees()) / LINES_PER_BROAD_EXCEPT)
    assert len(broad) <= allowed, broad


@pytest.mark.parametrize(
    ("code", "broad"),
    [
        ("try: f()\nexcept: g()", True),
        ("try: f()\nexcept Exception: g()", True),
        ("try: f()\nexcept (KeyError, BaseException) as error: g()", True),
        ("try: f()\nexcept (KeyError, ValueError): g()", False),
        ("with suppress(Exception): f()", True),
        ("with contextlib.suppress(OSError): f()", False),
    ],
)
def test_what_counts_as_a_broad_except(code: str, broad: bool):
    assert any(catches_broadly(node) for node in ast.walk(ast.parse(code))) is broad


def test_no_file_is_named_for_holding_anything():
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?)$")
    assert [shown(path) for path in files() if vague.search(path.stem) and path.name not in NAMED_BY_A_CONTRACT] == []


def test_no_file_holds_a_path_of_somebodys_machine():
    # Put together from parts, here and below, because this file is searched as well.
    homes = "|".join(["ho" + "me", "Us" + "ers", "ro" + "ot", "wo" + "rk"])
    windows = r"|[A-Z]:\\+Us" + r"ers\\"
    assert matches(rf"(?<![\w.:~/-])/({homes})/\w{windows}") == []


def test_no_file_names_the_host_of_a_package_registry():
    hosts = [("py" + "pi", "org"), ("python" + "hosted", "org"), ("np" + "mjs", "(org|com)"), ("yarn" + "pkg", "com")]
    hosts += [("deb" + r"\.debian", "org"), ("archive" + r"\.ubuntu", "com"), ("crates", "io")]
    assert matches("|".join(rf"\b{name}\.{end}\b" for name, end in hosts)) == []


def test_the_source_has_no_marks_of_unfinished_work():
    marks = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3])
    assert matches(rf"\b({marks})\b", under="src") == []


def test_the_ci_script_checks_before_it_tests():
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK)
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines.index("python3 dev.py check") < lines.index("python3 dev.py test")


def test_the_readme_begins_with_the_two_commands():
    assert blocks(ROOT / "README.md")[0].splitlines() == ["python3 dev.py run", "python3 dev.py test"]
    assert (ROOT / "README.md").read_text(encoding="utf-8").split("```", 1)[0].strip() == "# Psynapse"


def test_the_readmes_python_can_be_parsed_and_its_workflow_is_one():
    python = blocks(ROOT / "README.md", "python")
    assert len(python) >= 3
    assert all(ast.parse(block).body for block in python)
    (flow,) = blocks(ROOT / "README.md", "json")
    workflow, findings = parse_workflow(json.loads(flow))
    assert [node.id for node in workflow.nodes] == ["V1", "sale", "View"]
    assert findings == ()


def is_made_by_the_site(page: Path, target: str) -> bool:
    """Whether a page of the documentation links to one made from code; building the site checks those links."""
    place = Path(os.path.normpath(page.parent / target))
    return place.suffix == ".md" and any(place.is_relative_to(ROOT / "docs" / folder) for folder in MADE_BY_THE_SITE)


def test_links_between_pages_lead_somewhere():
    broken = [
        f"{shown(page)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists() and not is_made_by_the_site(page, target)
    ]
    assert broken == []


def test_every_decision_record_has_its_three_parts_and_they_are_numbered_through():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert len(records) >= 5
    for number, record in enumerate(records, start=1):
        headings = re.findall(r"^#+ .*$", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert record.name.startswith(f"{number:04d}-")
        assert headings[0].startswith(f"# {number}. ")
        assert headings[1:] == ["## Context", "## Decision", "## What was given up"]
