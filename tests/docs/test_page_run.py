"""A page is believed only when what it shows is what comes out."""

from pathlib import Path

import pytest
from code_blocks import Block
from page_run import PageRun, expect_output


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a …\n", "a longer line\n"),
        ("…\nb\n", "1\n2\nb\n"),
        ("…\nb\n", "b\n"),
        ("a\n…\n", "a\n1\n2\n"),
        ("a\n…\nb\n", "a\n\nb\n"),
        ("(a|b)*\n", "(a|b)*\n"),
        ("", "\n"),
    ],
)
def test_output_that_fits_is_accepted(expected: str, said: str):
    expect_output(expected, said)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("a\n", "a\nb\n"),
        ("a\n", ""),
        ("a …\n", "a b\nc\n"),
        ("…\nb\n", "b\nc\n"),
        ("a\n…\nb\n", "a b"),
        ("a.c\n", "abc\n"),
    ],
)
def test_other_output_is_refused(expected: str, said: str):
    with pytest.raises(AssertionError):
        expect_output(expected, said)


@pytest.fixture
def page_run(tmp_path: Path, hermetic: Path, monkeypatch: pytest.MonkeyPatch) -> PageRun:
    state = tmp_path / "state"
    state.mkdir()
    return PageRun(tmp_path, state, {"PATH": "/usr/bin:/bin", "HOME": str(hermetic)}, monkeypatch)


def test_python_blocks_share_their_names_and_the_folder(page_run: PageRun):
    page_run.carry_out(Block(1, "text", "hello\n", saved_as="a.txt"))
    page_run.carry_out(Block(2, "python", "text = open('a.txt', encoding='utf-8')\n"))
    page_run.carry_out(Block(3, "python", "with text:\n    print(text.read().strip())\n"))
    page_run.carry_out(Block(4, "text", "hello\n"))


@pytest.mark.parametrize("text", ["print(1 + 1)  # 3\n", "print(2)\nprint(3)  # 3\n", "1 / 0\n"])
def test_a_python_block_that_does_something_else_fails(page_run: PageRun, text: str):
    with pytest.raises((AssertionError, ZeroDivisionError)):
        page_run.carry_out(Block(1, "python", text))


def test_the_shell_keeps_variables_and_the_folder_also_after_a_failure(page_run: PageRun):
    page_run.carry_out(Block(1, "bash", "mkdir inner\ncd inner\nexport NAME=value\n"))
    page_run.carry_out(Block(2, "console", "$ false\n[exit 1]\n$ echo $NAME $(basename $PWD)\nvalue inner\n"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bash", "false\ntrue\n"),
        ("console", "$ false\n"),
        ("console", "$ true\n[exit 1]\n"),
        ("console", "$ echo a\nb\n"),
        ("console", "no command\n"),
        ("toml", "= 1\n"),
    ],
)
def test_a_block_that_fails_or_shows_something_else_fails_the_page(page_run: PageRun, language: str, text: str):
    with pytest.raises((AssertionError, ValueError)):
        page_run.carry_out(Block(1, language, text))
