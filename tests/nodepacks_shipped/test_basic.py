"""The nodes of the pack ``basic`` on values: numbers, text, lists, objects, formats, patterns, files and dates."""

import datetime as dt
import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("basic", shipped_root() / "basic", "shipped", ("ops.py",)), "ops.py")

texts = st.text(st.characters(codec="utf-8"), max_size=30)
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def error_as_node(name: str, **values: object) -> str:
    """What a user reads when the function runs as a node with these values."""
    node = {"id": "it", "type": "functionNode", "data": {"ref": f"basic/ops.py:{name}", **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def test_arithmetic_does_what_python_does():
    assert (ops.add(a=2, b=3), ops.subtract(2, 3), ops.multiply(a=2, b=3), ops.divide(3, 2)) == (5, -1, 6, 1.5)
    assert (ops.modulo(-7, 3), ops.absolute(-2.5), ops.power(9, 0.5)) == (2, 2.5, 3)
    assert math.isinf(ops.add(1e308, 1e308))


@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_dividing_by_zero_says_exactly_what_clients_show(zero: float):
    for function in (ops.divide, ops.modulo):
        with pytest.raises(ZeroDivisionError, match=r"^division by zero$"):
            function(1.0, zero)


def test_powers_that_are_no_real_number_say_why_and_come_at_once():
    with pytest.raises(ValueError, match="not a real number; use a base that is not negative"):
        ops.power(-8, 1 / 3)
    with pytest.raises(ValueError, match="zero has no negative powers"):
        ops.power(0, -1)
    with pytest.raises(OverflowError, match="too large"):
        ops.power(10, 10**9)


@pytest.mark.parametrize(
    ("number", "digits", "mode", "expected"),
    [
        (2.5, 0, "nearest", 3),
        (-2.5, 0, "nearest", -3),
        (2.675, 2, "nearest", 2.68),
        (1234, -2, "nearest", 1200),
        (2.01, 1, "up", 2.1),
        (-2.01, 0, "down", -3),
        (1e300, 300, "nearest", 1e300),
        (math.inf, 0, "nearest", math.inf),
    ],
)
def test_rounding_is_what_people_expect(number: float, digits: int, mode: str, expected: float):
    assert ops.round_number(number, digits, mode) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-5, 20))
def test_rounding_up_is_never_below_rounding_down(number: float, digits: int):
    down, up = (ops.round_number(number, digits, mode) for mode in ("down", "up"))
    assert down <= number <= up
    assert ops.round_number(number, digits) in (down, up)


def test_numbers_of_a_list_are_summed_up():
    assert (ops.minimum([3, 1, 2]), ops.maximum([3, 1, 2]), ops.mean([1, 2, 6])) == (1, 3, 3)
    assert ops.total([0.1] * 10) == 1.0
    assert repr(ops.total([2**70, 1])) == repr(2**70 + 1)
    assert ops.total([]) == 0


@pytest.mark.parametrize("name", ["minimum", "maximum", "mean"])
def test_an_empty_list_of_numbers_has_no_extremes(name: str):
    with pytest.raises(ValueError, match="the list of numbers is empty"):
        getattr(ops, name)([])


def test_clamp_keeps_a_number_between_its_limits():
    assert [ops.clamp(number, 0, 10) for number in (-1, 5, 11)] == [0, 5, 10]
    with pytest.raises(ValueError, match="exchange them"):
        ops.clamp(1, 2, 1)


@pytest.mark.parametrize(
    ("a", "operator", "b", "expected"),
    [
        (1, "==", 1.0, True),
        ("10", ">", 9, True),
        (9, "<", "10", True),
        ("apple", "==", 1, False),
        ([1], "!=", [2], True),
        ("b", ">=", "a", True),
        (2, "<=", 1, False),
    ],
)
def test_values_are_compared(a: object, operator: str, b: object, expected: bool):
    assert ops.compare(a, operator, b) is expected


def test_values_without_an_order_are_not_compared():
    with pytest.raises(TypeError, match="int and NoneType have no order, so < cannot compare them"):
        ops.compare(1, "<", None)


def test_logic():
    pairs = [(False, False), (False, True), (True, False), (True, True)]
    assert [ops.logical_and(a, b) for a, b in pairs] == [False, False, False, True]
    assert [ops.logical_or(a, b) for a, b in pairs] == [False, True, True, True]
    assert (ops.logical_not(True), ops.choose(True, "yes", "no"), ops.choose(False, "yes")) == (False, "yes", None)


@given(st.lists(st.text("ab ", min_size=1)), st.sampled_from([",", ";;"]))
def test_splitting_undoes_joining(parts: list[str], separator: str):
    assert ops.split_text(ops.join_text(parts, separator), separator) == (parts or [""])


def test_text_is_joined_split_and_replaced():
    assert ops.join_text([1, None, "a", 2.5], "-") == "1--a-2.5"
    assert ops.split_text("  one\n two ") == ["one", "two"]
    assert ops.replace_text("aXbX", "X", "-") == "a-b-"
    with pytest.raises(ValueError, match="nothing to look for"):
        ops.replace_text("abc", "")


def test_case_changes():
    shown = [ops.change_case("don't stop\nNOW", mode) for mode in ("upper", "lower", "title", "sentence")]
    assert shown == ["DON'T STOP\nNOW", "don't stop\nnow", "Don't Stop\nNow", "Don't stop\nnow"]


def test_text_is_trimmed_measured_searched_and_cut():
    assert [ops.trim_text(" a ", side) for side in ("both", "start", "end")] == ["a", "a ", " a"]
    assert ops.trim_text("--a--", characters="-") == "a"
    assert ops.text_length("äöü" * 100_000) == 300_000
    assert (ops.text_contains("Straße", "STRASSE", ignore_case=True), ops.text_contains("a", "A")) == (True, False)
    assert (ops.slice_text("hello", 1, 3), ops.slice_text("hello", -2), ops.slice_text("", 5)) == ("el", "lo", "")


def test_templates_are_filled():
    values = {"name": "Ada", "price": 2.5, "day": dt.date(2024, 2, 29), "a.b": 1, "0": "zero"}
    template = "{{{name}}} {price:.2f} {day:%d.%m.%Y} {name!r:>7} {a.b} {0}"
    assert ops.format_template(template, values) == "{Ada} 2.50 29.02.2024   'Ada' 1 zero"
    assert ops.format_template("", {}) == ""


@pytest.mark.parametrize(
    "template", ["{x.__class__}", "{x[0]}", "{x.__init__.__globals__}", "{}", "{y}", "{x.y!r}", "{x[__class__]:>3}"]
)
def test_templates_reach_nothing_but_their_values(template: str):
    with pytest.raises(LookupError, match=r"the template needs a value for .*; there is x$"):
        ops.format_template(template, {"x": []})


@pytest.mark.parametrize(
    "template", ["{x", "x}", "{x!}", "{x!rr}", "{x:{x}}", "{x:99999999999}", "{x:.5000f}", "{x:q}"]
)
def test_templates_that_cannot_be_used_say_so(template: str):
    with pytest.raises(ValueError, match=r"the template cannot be read|is not allowed|cannot be written as"):
        ops.format_template(template, {"x": 1})


def test_items_are_taken_from_lists():
    items = ["a", "b", "c"]
    assert (ops.get_item(items), ops.get_item(items, -1), ops.slice_list(items, 1)) == ("a", "c", ["b", "c"])
    assert ops.slice_list(items, 2, None, -1) == ["c", "b", "a"]
    with pytest.raises(IndexError, match="there is no item 3; the list has 0 to 2"):
        ops.get_item(items, 3)
    with pytest.raises(IndexError, match="the list is empty"):
        ops.get_item([], 0)
    with pytest.raises(ValueError, match="step of 0"):
        ops.slice_list(items, step=0)


def test_lists_are_put_together_and_turned():
    items = [1, 2]
    assert ops.append_item(items, 3) == ops.concatenate_lists(items, [3]) == [1, 2, 3]
    assert (ops.reverse_list(items), ops.list_length(items), ops.list_contains(items, 3)) == ([2, 1], 2, False)
    assert ops.zip_lists([1, 2], ["a"]) == [[1, "a"]]
    assert ops.zip_lists([1, 2], ["a"], "longest") == [[1, "a"], [2, None]]
    assert items == [1, 2]


@given(st.lists(st.integers()), st.booleans())
def test_sorting_is_pythons(items: list[int], descending: bool):
    assert ops.sort_list(items, descending=descending) == sorted(items, reverse=descending)


def test_objects_are_sorted_by_a_path_and_ties_keep_their_order():
    rows = [{"id": 1, "at": {"x": 2}}, {"id": 2, "at": {"x": 1}}, {"id": 3, "at": {"x": 2}}]
    assert ops.pluck(ops.sort_list(rows, "at.x", descending=True), "id") == [1, 3, 2]
    with pytest.raises(LookupError, match=r"there is no 'y' of 'at\.y'; there is x"):
        ops.sort_list(rows, "at.y")
    with pytest.raises(TypeError, match="no common order"):
        ops.sort_list([1, "a"])


@settings(deadline=None)
@given(st.lists(jsons))
def test_unique_items_are_in_the_list_once(items: list[Any]):
    found = ops.unique_items(items)
    assert ops.unique_items(found) == found
    assert all(item in found for item in items)
    assert sum(row["count"] for row in ops.count_items(items)) == len(items)


def test_true_is_not_one_and_what_cannot_be_hashed_equals_only_itself():
    assert ops.unique_items([1, True, [1], [True], {"a": [1]}, {"a": [1]}]) == [1, True, [1], [True], {"a": [1]}]
    assert ops.unique_items([{1}, {1}]) == [{1}, {1}]


def test_a_long_list_of_objects_is_made_unique_quickly():
    rows = [{"id": number % 1000, "tags": ["a"]} for number in range(20_000)]
    start = time.perf_counter()
    assert len(ops.unique_items(rows)) == 1000
    assert time.perf_counter() - start < 5


def test_items_are_counted_most_frequent_first():
    counted = ops.count_items(["b", "a", "b", ["x"]])
    assert counted == [{"item": "b", "count": 2}, {"item": "a", "count": 1}, {"item": ["x"], "count": 1}]
    assert ops.count_items([]) == []


def test_ranges_are_bounded():
    assert (ops.number_range(1, 4), ops.number_range(3, 0, -2), ops.number_range(5, 1)) == ([1, 2, 3], [3, 1], [])
    with pytest.raises(ValueError, match="more than 10,000,000"):
        ops.number_range(0, 10**30)


def test_flattening_stops_at_its_depth():
    nested = [1, [2, [3, [4]]]]
    assert ops.flatten_list(nested) == [1, 2, [3, [4]]]
    assert ops.flatten_list(nested, 100) == [1, 2, 3, 4]
    endless: list[Any] = []
    endless.append(endless)
    assert ops.flatten_list(endless, 100) == [endless]


def test_objects_are_filtered_by_a_key():
    rows = [{"n": 1, "t": "ab"}, {"n": "12", "t": ["b"]}, {"t": None}, "text"]
    assert ops.filter_by_key(rows, "n", ">", 5) == [rows[1]]
    assert ops.filter_by_key(rows, "n", ">", "0") == [rows[0], rows[1]]
    assert ops.filter_by_key(rows, "t", "contains", "b") == [rows[0], rows[1]]
    assert ops.filter_by_key([], "n") == []


def test_values_are_found_by_path():
    data = {"user": {"cities": ["Rome", "Oslo"], "a.b": 1}, "x.y.z": 2}
    found = [ops.get_key(data, path) for path in ("user.cities.1", "user.cities.-2", "user.a.b", "x.y.z", "")]
    assert found == ["Oslo", "Rome", 1, 2, data]
    assert ops.get_key(data, "user.age", "default", 7) == 7


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        ({"a": {"b": 1}}, "a.c", "there is no 'c' of 'a.c'; there is b"),
        ({"a": [1]}, "a.1", "there is no '1' of 'a.1'; there is a list of 1 items"),
        ({}, "a", "there is no 'a'; there is an empty object"),
        ("text", "a.b", "there is no 'a' of 'a.b'; there is a value of type str"),
        (dict.fromkeys(map(str, range(1000))), "x", "17, 18, 19, …"),
    ],
)
def test_a_path_that_leads_nowhere_says_how_far_it_led(data: object, path: str, message: str):
    with pytest.raises(LookupError) as caught:
        ops.get_key(data, path)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_setting_a_key_leaves_the_original_alone():
    data = {"user": {"name": "Ada"}, "n": 1}
    assert ops.set_key(data, "user.age", 36) == {"user": {"name": "Ada", "age": 36}, "n": 1}
    assert ops.set_key({}, "a.b.c", 1) == {"a": {"b": {"c": 1}}}
    assert data == {"user": {"name": "Ada"}, "n": 1}
    with pytest.raises(TypeError, match=r"'n' of 'n\.x' is of type int, not an object"):
        ops.set_key(data, "n.x", 1)


@given(st.dictionaries(texts, jsons, max_size=4), st.lists(texts.filter(lambda step: "." not in step), min_size=1))
def test_what_is_set_in_an_empty_object_is_found_again(value: object, steps: list[str]):
    path = ".".join(f"k{step}" for step in steps)
    assert ops.get_key(ops.set_key({}, path, value), path) == value


def test_objects_are_merged_and_taken_apart():
    first, second = {"a": 1, "b": {"x": 1, "y": 1}}, {"b": {"y": 2}, "c": 3}
    assert ops.merge_objects(first, second) == {"a": 1, "b": {"y": 2}, "c": 3}
    assert ops.merge_objects(first, second, deep=True) == {"a": 1, "b": {"x": 1, "y": 2}, "c": 3}
    assert (ops.get_keys(second), ops.get_values({"c": 3})) == (["b", "c"], [3])
    assert ops.pick_keys(first, ["a", "z"]) == {"a": 1}


@pytest.mark.parametrize("name", ["list_length", "reverse_list", "join_text", "count_items", "flatten_list", "total"])
def test_a_text_is_never_taken_for_a_list_of_letters(name: str):
    port = {"join_text": "parts", "total": "numbers"}.get(name, "items")
    assert "list" in error_as_node(name, **{port: "abc"})


def test_options_and_limits_of_a_node_are_checked_before_it_runs():
    assert "'loud' is none of the options" in error_as_node("change_case", text="a", mode="loud")
    assert "less than or equal to 300" in error_as_node("round_number", number=1, digits=301)
    assert error_as_node("divide", a=1, b=0) == "division by zero"
