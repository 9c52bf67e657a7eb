"""The nodes of the pack ``basic`` for JSON, CSV, patterns, files, time and chance."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("basic", shipped_root() / "basic", "shipped", ("ops.py",)), "ops.py")

texts = st.text(st.characters(codec="utf-8"), max_size=30)
cells = texts.filter(lambda cell: "\x00" not in cell)
names = cells.filter(lambda name: name != "" and not name.startswith("\ufeff"))
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(jsons, st.integers(0, 8))
def test_json_is_read_as_it_was_written(value: object, indent: int):
    assert ops.parse_json(ops.dump_json(value, indent)) == value


def test_json_that_cannot_be_read_says_where():
    with pytest.raises(ValueError, match="this is not JSON: Expecting value at line 2, column 2"):
        ops.parse_json('{"a":\n }')
    with pytest.raises(ValueError, match="line 1, column 1"):
        ops.parse_json("")
    with pytest.raises(ValueError, match="nested too deeply"):
        ops.parse_json("[" * 200_000)


def test_json_holds_dates_and_paths_as_text_and_refuses_the_rest():
    value = {"b": dt.date(2024, 1, 2), "a": Path("x") / "y"}
    assert json.loads(ops.dump_json(value, 0, sort_keys=True)) == {"a": str(Path("x") / "y"), "b": "2024-01-02"}
    assert ops.dump_json({"ä": 1}, 0) == '{"ä": 1}'
    with pytest.raises(ValueError, match="JSON cannot hold this value"):
        ops.dump_json(float("nan"))
    with pytest.raises(TypeError, match="JSON cannot hold a complex"):
        ops.dump_json(1j)
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="JSON cannot hold this value: Circular"):
        ops.dump_json(endless)


def test_csv_becomes_rows_with_numbers_that_are_numbers():
    text = '\ufeffname;price;code\r\n"Müller; Söhne";-2.50;007\r\nBread;3;\r\n'
    assert ops.parse_csv(text, ";") == [
        {"name": "Müller; Söhne", "price": -2.5, "code": "007"},
        {"name": "Bread", "price": 3, "code": ""},
    ]
    assert ops.parse_csv("a\tb\n1e5\t12345678901234567890", "tab") == [{"a": "1e5", "b": "12345678901234567890"}]
    assert ops.parse_csv("1,2\n3", header=False, numbers=False) == [
        {"column_1": "1", "column_2": "2"},
        {"column_1": "3", "column_2": ""},
    ]
    assert (ops.parse_csv(""), ops.parse_csv("a,b\n")) == ([], [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n1,2,3", "row 2 has 3 cells for 2 columns; is the delimiter right"),
        ("a,a\n1,2", "two columns are called 'a'"),
        ('a\n"x', "this is not CSV: unexpected end of data"),
        ("a\n" + "x" * 200_000, "this is not CSV: field larger than field limit"),
    ],
)
def test_csv_that_cannot_be_read_says_what_is_wrong(text: str, message: str):
    with pytest.raises(ValueError) as caught:
        ops.parse_csv(text)
    assert message in str(caught.value)


@given(
    st.lists(names, min_size=1, max_size=4, unique=True).flatmap(
        lambda columns: st.lists(st.fixed_dictionaries(dict.fromkeys(columns, cells)), max_size=4)
    ),
    st.sampled_from([",", ";", "tab", "|"]),
)
def test_csv_is_read_as_it_was_written(rows: list[dict[str, str]], delimiter: str):
    assert ops.parse_csv(ops.write_csv(rows, delimiter), delimiter, numbers=False) == rows


def test_rows_with_different_keys_make_one_table():
    assert ops.write_csv([{"a": 1}, {"b": None, "a": "x,y"}]) == 'a,b\r\n1,\r\n"x,y",\r\n'
    assert (ops.write_csv([]), ops.write_csv([{}])) == ("", "")
    with pytest.raises(TypeError, match="row 2 is of type list, not an object"):
        ops.write_csv([{"a": 1}, [1]])


def test_a_large_table_is_read():
    rows = ops.parse_csv("id,name\n" + "".join(f"{number},name {number}\n" for number in range(50_000)))
    assert (len(rows), rows[-1]) == (50_000, {"id": 49_999, "name": "name 49999"})


def test_patterns_find_take_apart_replace_and_split():
    assert ops.regex_find_all(r"(\w)\d", "a1 B2 c") == ["a1", "B2"]
    assert ops.regex_find_all("B", "abc", ignore_case=True) == ["b"]
    assert ops.regex_groups(r"(?P<key>\w+)=(\d+)?", "x n=") == {"0": "n=", "key": "n", "2": None}
    assert ops.regex_groups("x", "") == {}
    assert ops.regex_replace(r"(\w+) (\w+)", "a b", r"\2 \1") == "b a"
    assert ops.regex_split(r"\s*([,;])\s*", "a , b;c") == ["a", "b", "c"]
    assert ops.regex_split("x", "") == [""]


@given(st.text("ab,", max_size=20))
def test_pieces_and_matches_together_are_the_text(text: str):
    pieces, matches = ops.regex_split(",+", text), [*ops.regex_find_all(",+", text), ""]
    assert "".join(piece + match for piece, match in zip(pieces, matches, strict=True)) == text


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{99999999999999999999}", "(?P<1>a)", "(" * 20_000])
def test_what_is_no_pattern_is_refused_by_all_regex_nodes(pattern: str):
    for function in (ops.regex_find_all, ops.regex_groups, ops.regex_replace, ops.regex_split):
        with pytest.raises(ValueError, match="is not a regular expression: ") as caught:
            function(pattern, "text")
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize("replacement", [r"\2", r"\g<name>", "\\"])
def test_a_replacement_must_fit_its_pattern(replacement: str):
    with pytest.raises(ValueError, match="does not fit the pattern"):
        ops.regex_replace("(a)", "a", replacement)


@settings(deadline=None)
@given(text=texts)
def test_a_file_is_read_as_it_was_written(text: str, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.getbasetemp() / "round-trip.txt"
    assert ops.write_text(path, text) == path
    assert path.read_bytes() == text.encode()
    assert ops.read_text(path) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_writing_replaces_appends_or_refuses(tmp_path: Path):
    path = tmp_path / "new" / "file.txt"
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*; make it, or switch make_folders on"):
        ops.write_text(path, "a")
    ops.write_text(path, "one\n", make_folders=True)
    ops.write_text(path, "two\n", "append")
    assert ops.read_text(path) == "one\ntwo\n"
    with pytest.raises(FileExistsError, match="exists already"):
        ops.write_text(path, "x", "new file only")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        ops.write_text(tmp_path, "x")
    ops.write_text(path, "")
    assert ops.read_text(path) == ""


def test_files_that_cannot_be_read_say_why(tmp_path: Path):
    binary = tmp_path / "image.bin"
    binary.write_bytes(b"\xff\xfe\xfd")
    with pytest.raises(ValueError, match="is not utf-8 text; try another encoding"):
        ops.read_text(binary)
    assert ops.read_text(binary, "latin-1") == "ÿþý"
    with pytest.raises(FileNotFoundError, match=r"there is no file .*nothing"):
        ops.read_text(tmp_path / "nothing")
    with pytest.raises(IsADirectoryError, match="use list_folder"):
        ops.read_text(tmp_path)


def test_a_folder_is_listed_by_pattern_and_kind(tmp_path: Path):
    for name in ("b.csv", "a.csv", "c.txt", "inner/d.csv"):
        ops.write_text(tmp_path / name, "", make_folders=True)
    names = [path.relative_to(tmp_path).as_posix() for path in ops.list_folder(tmp_path, "**/*.csv")]
    assert names == ["a.csv", "b.csv", "inner/d.csv"]
    assert ops.list_folder(tmp_path, kind="folders") == [tmp_path / "inner"]
    assert len(ops.list_folder(tmp_path, kind="both")) == 4
    assert (ops.file_exists(tmp_path / "a.csv"), ops.file_exists(tmp_path / "z")) == (True, False)
    with pytest.raises(NotADirectoryError, match="there is no folder"):
        ops.list_folder(tmp_path / "a.csv")


@pytest.mark.parametrize("pattern", ["", "/etc/*"])
def test_a_pattern_stays_inside_its_folder(tmp_path: Path, pattern: str):
    with pytest.raises(ValueError, match="is not a pattern for names inside the folder"):
        ops.list_folder(tmp_path, pattern)


def test_now_is_now():
    before = dt.datetime.now(tz=dt.UTC)
    for zone in ("local", "UTC"):
        assert before <= ops.now(zone) <= dt.datetime.now(tz=dt.UTC)
    assert ops.now("UTC").utcoffset() == dt.timedelta(0)


@given(st.dates(), st.integers(-10_000, 10_000))
def test_days_are_added_and_counted(day: dt.date, days: int):
    try:
        later = ops.add_days(day, days)
    except OverflowError as error:
        assert "outside the years 1 to 9999" in str(error)  # noqa: PT017 -- only some days are out of range
    else:
        assert ops.days_between(day, later) == days


def test_a_moment_counts_as_its_day():
    assert ops.days_between(dt.date(2024, 2, 28), dt.datetime(2024, 3, 1, 23, tzinfo=dt.UTC)) == 2


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.booleans())
def test_random_numbers_stay_between_their_limits(low: float, width: float, whole: bool):
    high = low + width + whole
    number = ops.random_number(low, high, whole)
    assert low <= number <= high
    assert isinstance(number, int) is whole


def test_random_numbers_differ_and_refuse_limits_without_a_number_between():
    assert len({ops.random_number() for _ in range(20)}) > 1
    assert {ops.random_number(1, 2, whole=True) for _ in range(200)} == {1, 2}
    with pytest.raises(ValueError, match="exchange them"):
        ops.random_number(2, 1)
    with pytest.raises(ValueError, match="there is no whole number between"):
        ops.random_number(0.2, 0.8, whole=True)
