"""The nodes of the pack ``text``: real texts, empty ones, huge ones, and mistakes."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("text", shipped_root() / "text", "shipped", ("ops.py",)), "ops.py")

texts = st.text(st.characters(codec="utf-8"), max_size=60)
STORY = 'Dr. Ada Byron arrived at 9.30 a.m. today. "Who is there?" she asked… Nobody answered! Then silence'


def error_as_node(name: str, /, **values: object) -> str:
    """What a user reads when the function runs as a node with these values."""
    node = {"id": "it", "type": "functionNode", "data": {"ref": f"text/ops.py:{name}", **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def test_a_letter_is_written_for_each_row():
    rows = [{"name": "Ada", "sum": 3}, {"name": "{name}", "sum": 2.345}]
    assert ops.merge_letters("{{x}} Dear {name}: {sum:.2f}", rows) == ["{x} Dear Ada: 3.00", "{x} Dear {name}: 2.35"]
    assert ops.merge_letters("any", []) == []
    assert len(ops.merge_letters("{n}", [{"n": number} for number in range(50_000)])) == 50_000


def test_a_letter_that_cannot_be_written_says_which_row_is_wrong():
    assert error_as_node("merge_letters", template="{town}", rows=[{"name": "Ada"}]) == (
        "row 1 has no column 'town'; it has name"
    )
    with pytest.raises(ValueError, match=r"row 2: 'x' in column 'n' cannot be written as '\.1f'"):
        ops.merge_letters("{n:.1f}", [{"n": 1}, {"n": "x"}])
    with pytest.raises(ValueError, match=r"a single \{ at character 3; write it twice"):
        ops.merge_letters("a {b", [{}])
    with pytest.raises(LookupError, match=r"no column 'name\.__class__'"):
        ops.merge_letters("{name.__class__}", [{"name": "Ada"}])


def test_what_is_no_table_is_refused_before_the_node_runs():
    assert "does not fit list[dict[str, Any]]" in error_as_node("merge_letters", template="", rows="Ada")


def test_lines_are_split_numbered_and_kept_as_wished():
    text = " one \n\n  \ntwo"
    assert ops.split_lines(text) == ["one", "two"]
    assert ops.split_lines(text, trim=False, skip_empty=False) == [" one ", "", "  ", "two"]
    assert ops.split_lines("") == []
    assert ops.number_lines("a\nb", start=9) == " 9: a\n10: b"
    assert ops.number_lines("") == ""


def test_sentences_end_where_a_new_one_begins():
    assert ops.split_sentences(STORY) == [
        "Dr.",
        "Ada Byron arrived at 9.30 a.m. today.",
        '"Who is there?" she asked…',
        "Nobody answered!",
        "Then silence",
    ]
    assert ops.split_sentences("  \n ") == []


@given(texts, st.integers(1, 20), st.sampled_from(["paragraphs", "lines", "words", "characters"]))
def test_pieces_are_short_and_together_the_whole_text(text: str, size: int, at: str):
    pieces = ops.split_chunks(text, size, 0, at)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= size for piece in pieces)


@given(texts, st.integers(2, 20))
def test_pieces_that_overlap_repeat_the_end_of_the_one_before(text: str, size: int):
    pieces = ops.split_chunks(text, size, 1, "words")
    assert all(len(piece) <= size for piece in pieces)
    assert all(later[0] == earlier[-1] for earlier, later in itertools.pairwise(pieces))


def test_text_is_cut_between_parts_where_they_fit():
    assert ops.split_chunks("one two three four", 9) == ["one two ", "three ", "four"]
    assert ops.split_chunks("a\n\nb c\n\nd", 5, at="paragraphs") == ["a\n\n", "b c\n\n", "d"]
    assert len(ops.split_chunks("word " * 200_000, 1000)) == 1000
    assert "leaves no room in pieces of 5 characters" in error_as_node("split_chunks", text="abc", size=5, overlap=5)
    assert "greater than or equal to 1" in error_as_node("split_chunks", text="abc", size=0)


def test_matches_come_as_rows_with_their_groups():
    assert ops.find_matches(r"(?P<key>\w+)=(\d+)?", "a=1 b=") == [
        {"start": 0, "end": 3, "match": "a=1", "key": "a", "group_2": "1"},
        {"start": 4, "end": 6, "match": "b=", "key": "b", "group_2": None},
    ]
    assert ops.find_matches("x", "") == []
    assert (ops.count_matches("A", "banana"), ops.count_matches("A", "banana", ignore_case=True)) == (0, 3)
    assert (ops.matches_pattern("an", "banana"), ops.matches_pattern("an", "banana", whole=True)) == (True, False)


@pytest.mark.parametrize("name", ["find_matches", "count_matches", "matches_pattern"])
def test_what_is_no_pattern_is_named(name: str):
    assert error_as_node(name, pattern="(", text="") == (
        "'(' is not a regular expression: missing ), unterminated subpattern at position 0"
    )


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("emails", ["ada.b+x@mail.example.org"]),
        ("links", ["https://example.org/a?b=1", "http://example.com"]),
        ("numbers", [-3, 2.5, 1e3]),
        ("dates", ["2024-03-18"]),
        ("hashtags", ["#grüße"]),
        ("words", ["don't", "well-known", "Grüße"]),
    ],
)
def test_a_text_gives_what_it_contains(what: str, expected: list[Any]):
    source = {
        "emails": "Write to ada.b+x@mail.example.org, not to @ada.",
        "links": "See https://example.org/a?b=1, or (http://example.com).",
        "numbers": "from -3 to 2.5 or 1e3, not v2 or 1.2.3",
        "dates": "on 2024-03-18, not 2024-13-01",
        "hashtags": "a#b #grüße",
        "words": "don't 3 well-known Grüße",
    }[what]
    assert ops.extract_from_text(source, what) == expected
    assert ops.extract_from_text("", what) == []


def test_a_number_of_many_digits_is_read_without_an_error():
    (number,) = ops.extract_from_text("9" * 10_000, "numbers")
    assert number == float("inf")


def test_a_diff_shows_what_went_and_what_came():
    assert ops.diff_texts("a\nb\nc", "a\nB\nc", context=0).splitlines() == ["@@ -2 +2 @@", "-b", "+B"]
    assert ops.diff_texts("same", "same") == ops.diff_texts("", "") == ""
    assert "would take very long; split them first" in error_as_node("diff_texts", old="\n" * 30_000, new="")


def test_similar_texts_are_found():
    assert ops.text_similarity("Apple", "apple") == 1
    assert ops.text_similarity("abc", "xyz") == 0
    assert ops.text_similarity("A", "a", ignore_case=False) == 0
    best = ops.closest_texts("banan", ["cherry", "Banana", "bandana"], count=2)
    assert [row["text"] for row in best] == ["Banana", "bandana"]
    assert ops.closest_texts("x", []) == []
    assert ops.closest_texts("x", ["y"], at_least=0.5) == []
    assert "is too long to compare; the most is 20,000" in error_as_node(
        "text_similarity", first="a" * 20_001, second=""
    )


@given(texts, st.integers(1, 30))
def test_wrapping_keeps_every_word(text: str, width: int):
    assert ops.wrap_text(text, width).split() == text.split()


def test_text_is_laid_out():
    assert ops.wrap_text("one two three\nfour", 7) == "one two\nthree\nfour"
    assert ops.indent_text("a\n\nb", "> ") == "> a\n\n> b"
    assert ops.indent_text("a\nb", "  ", first_line=False) == "a\n  b"
    assert (ops.pad_text("ab", 4, "right"), ops.pad_text("ab", 5, "center", "*")) == ("  ab", "**ab*")
    assert ops.pad_text("long", 2) == "long"
    assert "at most 1 character" in error_as_node("pad_text", text="", fill="--")


def test_text_is_shortened_between_words_and_never_too_long():
    assert ops.shorten_text("the quick brown fox", 10) == "the quick…"
    assert ops.shorten_text("unbelievable", 5) == "unbe…"
    assert ops.shorten_text("short", 5) == "short"
    assert ops.shorten_text("") == ""
    assert "is longer than 2 characters" in error_as_node("shorten_text", text="abcdef", length=2, ending="...")


@given(texts, st.integers(1, 40))
def test_a_shortened_text_fits(text: str, length: int):
    assert len(ops.shorten_text(text, length)) <= length


def test_the_parts_of_a_text_are_counted():
    assert ops.text_statistics("One two. Three!\n") == {
        "characters": 16, "words": 3, "sentences": 2, "lines": 1, "reading_minutes": 0.015,
    }  # fmt: skip
    assert set(ops.text_statistics("").values()) == {0}


def test_text_becomes_plain_letters_and_names_for_files():
    assert ops.plain_letters("Crème brûlée, Straße, Łódź, Привет, かが") == "Creme brulee, Strasse, Lodz, Привет, かが"
    assert ops.slugify("  Crème brûlée: 2 Portionen!_x ") == "creme-brulee-2-portionen-x"
    assert ops.slugify("", "_") == ops.slugify("!?") == ""


@given(texts, st.sampled_from(["base64", "url", "html", "hex"]))
def test_what_was_encoded_is_decoded(text: str, form: str):
    assert ops.decode_text(ops.encode_text(text, form), form) == text


@pytest.mark.parametrize(("text", "form"), [("***", "base64"), ("%ff", "url"), ("xyz", "hex"), ("ff", "hex")])
def test_what_is_not_encoded_is_said_so(text: str, form: str):
    assert f"is not text in the form {form}" in error_as_node("decode_text", text=text, source=form)


def test_base64_of_web_addresses_is_read_as_well():
    assert ops.decode_text("Pz8_") == "???"


def test_fingerprints_are_the_usual_ones():
    assert ops.hash_text("abc", "crc32") == "352441c2"
    assert ops.hash_text("", "md5") == "d41d8cd98f00b204e9800998ecf8427e"
    assert (len(ops.hash_text("a")), len(ops.hash_text("a", "sha512"))) == (64, 128)
