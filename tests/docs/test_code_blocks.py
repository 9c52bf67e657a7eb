"""Blocks are found as readers see them."""

from pathlib import Path

import pytest
from code_blocks import Block, UnclearPage, blocks_of


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.md"


def read(page: Path, text: str) -> list[Block]:
    page.write_text(text, encoding="utf-8")
    return blocks_of(page)


def test_a_block_has_its_line_its_language_and_its_text(page: Path):
    assert read(page, "Text.\n\n```python\nx = 1\n\ny = 2\n```\n") == [Block(3, "python", "x = 1\n\ny = 2\n")]


def test_a_block_in_a_list_loses_the_lists_indentation(page: Path):
    (block,) = read(page, "- one:\n\n  ```bash\n  ls\n    -l\n  ```\n")
    assert block.text == "ls\n  -l\n"


@pytest.mark.parametrize(
    "before",
    [
        "Save this as `a/b.py`:",
        "Some words.\nSave this one as `a/b.py`:",
        "A folder `a` helps. Save it\nas `a/b.py`:",
        "Unlike the other, save it as `a/b.py`:",
        "Save this as `a/b.py`:\n\n<!-- findings: cycle -->",
    ],
)
def test_a_block_is_saved_where_the_paragraph_before_it_says(page: Path, before: str):
    (block,) = read(page, f"Other `c.py`:\n\n{before}\n\n```python\n```\n")
    assert block.saved_as == "a/b.py"


@pytest.mark.parametrize("before", ["Saved as `b.py` it works.", "Save it as you like:", "`b.py`:", ""])
def test_other_words_save_nothing(page: Path, before: str):
    (block,) = read(page, f"{before}\n\n```python\n```\n")
    assert block.saved_as == ""


def test_the_paragraph_before_another_block_belongs_to_that_one(page: Path):
    first, second = read(page, "Save this as `b.py`:\n\n```python\n```\n\n```text\n```\n")
    assert (first.saved_as, second.saved_as) == ("b.py", "")


@pytest.mark.parametrize(
    "text",
    [
        "Text.\n\n<!-- not run: needs Docker -->\n```bash\nx\n```\n",
        "<!-- not run: needs Docker -->\n\n```bash\nx\n```\n",
        "```bash\nx\n```\n<!-- not run: needs Docker -->\n",
    ],
)
def test_a_comment_beside_a_block_says_why_it_is_not_run(page: Path, text: str):
    (block,) = read(page, text)
    assert block.not_run == "needs Docker"


def test_a_comment_somewhere_else_says_nothing(page: Path):
    (block,) = read(page, "<!-- not run: needs Docker -->\n\nText.\n\n```bash\nx\n```\n")
    assert block.not_run == ""


def test_a_workflow_may_say_what_is_wrong_with_it(page: Path):
    (block,) = read(page, "<!-- findings: cycle duplicate-id -->\n```json\n{}\n```\n")
    assert block.findings == ("cycle", "duplicate-id")


@pytest.mark.parametrize("text", ["```bash\nls\n", "Text:\n\n    ls\n"])
def test_code_that_does_not_end_or_has_no_fence_is_refused(page: Path, text: str):
    with pytest.raises(UnclearPage):
        read(page, text)


def test_what_is_indented_in_a_list_or_in_a_block_is_no_code(page: Path):
    assert len(read(page, "1. one\n\n    more of it\n\n```python\nif x:\n\n    y\n```\n")) == 1
