"""The documentation is true: every block of code in it is carried out, and what it shows is what comes out."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from code_blocks import Block, blocks_of
from local_index import LocalIndex
from package_project import build_wheel, make_package
from page_run import PageRun

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_CODE = [page for page in PAGES if "```" in page.read_text(encoding="utf-8")]
# Whatever else stands in a comment beside a block is no reason to leave it out.
REASONS = (
    "needs Docker",
    "needs the desktop window",
    "needs root",
    "needs a network",
    "sets up an environment",
)
HELLO = """
def hello(name: str = "world") -> str:
    return f"Hello, {name}"
"""
HOOK = """
from pathlib import Path

from psynapse import hookimpl


@hookimpl
def register_nodepacks(register):
    register(Path(__file__).parent / "hello_nodes")
"""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def page_run(tmp_path: Path, index: LocalIndex, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageRun]:
    """A reader's machine: an empty home, an index that has one package, and psynapse on the path."""
    files = {"scope_hello/__init__.py": HOOK, "scope_hello/hello_nodes/ops.py": HELLO}
    index.add(build_wheel(make_package(tmp_path / "packages", "scope-hello", "1.0", files=files)))
    folder, state = tmp_path / "page", tmp_path / "state"
    folder.mkdir()
    state.mkdir()
    for name in [name for name in os.environ if name.startswith(("PSYNAPSE_", "DAYDREAM_", "NODEPACKS_", "CORS_"))]:
        monkeypatch.delenv(name)
    # As in a worker: packages written for Scope import these names.
    monkeypatch.syspath_prepend(str(ROOT / "src" / "psynapse" / "compat"))
    monkeypatch.syspath_prepend(str(folder))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = PageRun(folder, state, {**os.environ, "PATH": path}, monkeypatch)
    yield run
    run.stop()


@pytest.mark.parametrize("page", WITH_CODE, ids=name_of)
def test_every_block_of_a_page_does_what_the_page_says(page: Path, page_run: PageRun):
    for block in blocks_of(page):
        if not block.not_run:
            page_run.carry_out(block)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_block_is_left_out_only_for_a_reason_and_has_a_language_otherwise(page: Path):
    for block in blocks_of(page):
        where = f"{name_of(page)}:{block.line}"
        if block.not_run:
            assert block.not_run.startswith(REASONS), f"{where}: {block.not_run}"
        else:
            assert can_be_carried_out(block), f"{where}: {block.language or 'no language'}"


def can_be_carried_out(block: Block) -> bool:
    return bool(block.saved_as) or block.language in {"python", "bash", "console", "json", "text", "toml"}


def test_most_blocks_are_carried_out():
    blocks = [block for page in PAGES for block in blocks_of(page)]
    left_out = [block for block in blocks if block.not_run]
    assert len(blocks) - len(left_out) >= 60
    assert len(left_out) <= 15


def test_programs_that_pages_use_are_there():
    if not os.environ.get("CI") and shutil.which("curl") is None:
        pytest.skip("needs curl: the pages about HTTP use it")
    assert shutil.which("curl")
