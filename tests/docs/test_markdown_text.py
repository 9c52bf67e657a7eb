"""No text can break out of the place it is put into."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_text import code, first_line, prose, table, value

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=60)


def test_a_table_has_a_row_for_each_row_and_none_is_no_table():
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    assert table(["a", "b"], []) == ""


@given(TEXTS)
def test_code_stays_in_its_cell_and_on_its_line(text: str):
    made = table(["a"], [[code(text)]]) if text else ""
    assert len(made.splitlines()) in {0, 3}
    assert made.count("|") in {0, 6}


@given(TEXTS)
def test_a_value_is_short_and_has_no_line_break(text: str):
    shown = value(text + "\n")
    assert "\n" not in shown
    assert len(shown) <= 200


@pytest.mark.parametrize(
    "text",
    [
        "*not* _this_ <b>bold</b>",
        "a & b; c < d > e",
        "[x](y) {z} # 1",
        r"back\slash \* end",
        "snake_case_name __x__",
    ],
)
def test_prose_is_shown_as_it_was_written(text: str):
    renderer = pytest.importorskip("markdown", reason="needs the extra docs: pip install -e '.[docs]'")
    assert html.unescape(renderer.markdown(prose(text), extensions=["tables"])) == f"<p>{text}</p>"


def test_code_in_prose_is_code():
    assert prose("``a|b`` and `c` and ``d ` e``") == ("<code>a&#124;b</code> and `c` and <code>d &#96; e</code>")


def test_the_first_line_is_the_first_paragraph():
    assert first_line("  One\n  two.\n\nThree.") == "One two."
    assert first_line("") == ""
