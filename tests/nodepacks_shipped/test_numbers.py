"""The nodes of the pack ``numbers``: against known results, empty, huge and wrong input."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("numbers", shipped_root() / "numbers", "shipped", ("ops.py",)), "ops.py")

finite = st.floats(-1e6, 1e6)


def run(name: str, /, **values: object) -> Any:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_as_node(name: str, /, **values: object) -> str:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def test_lists_become_arrays_and_lists_again():
    assert run("number_array", numbers=[1, "2.5", None]).tolist()[:2] == [1.0, 2.5]
    assert run("number_array", numbers="[1, 2]").tolist() == [1, 2]
    assert run("array_to_list", array=[[1.234, 2]], digits=1) == [[1.2, 2.0]]
    assert ops.number_array([]).shape == (0,)


def test_an_array_is_passed_on_without_a_copy():
    array = np.zeros(5_000_000)
    assert ops.number_array(array) is array


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("abc", "this is text, not a list of numbers"),
        ([1, "x"], "item 1 is 'x', which is not a number"),
        (3, "this is a single int, not a list"),
        ({"a": 1}, "this is an object, not a list"),
        ([[1], [2]], "this has 2 dimensions, shape (2, 1)"),
        ([[1], [2, 3]], "the rows have different lengths"),
        (None, "this is nothing, not a list"),
    ],
)
def test_what_is_no_list_of_numbers_says_why(value: object, message: str):
    assert message in error_as_node("number_array", numbers=value)


@pytest.mark.parametrize(
    "name", ["describe_numbers", "percentile", "number_histogram", "find_outliers", "moving_average", "rescale"]
)
def test_an_empty_list_is_said_to_be_empty(name: str):
    assert "the list of numbers is empty" in error_as_node(name, numbers=[])


def test_steps_are_equal():
    assert ops.evenly_spaced(0, 1, 5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert ops.evenly_spaced(0, 1, 0).tolist() == []
    assert "no equal steps" in error_as_node("evenly_spaced", stop="inf")
    assert "less than or equal to 50000000" in error_as_node("evenly_spaced", count=10**9)


def test_the_same_seed_gives_the_same_numbers_of_the_shape_asked_for():
    assert (ops.random_numbers(10, seed=3) == ops.random_numbers(10, seed=3)).all()
    assert abs(ops.random_numbers(100_000, "normal", 5, 2).mean() - 5) < 0.05
    assert np.ptp(ops.random_numbers(1000, "uniform", 0, 2)) <= 4
    assert set(ops.random_numbers(1000, "whole", 0, 1).tolist()) == {-1, 0, 1}
    assert ops.random_numbers(1000, "exponential", 10, 1).min() >= 10
    assert "no whole number" in error_as_node("random_numbers", shape="whole", center=0.5, spread=0.1)


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("2 * x + 1", {"x": 3}, 7),
        ("x^2", {"x": [1, 2]}, [1, 4]),
        ("sqrt(x**2 + y**2)", {"x": [3, 6], "y": [4, 8]}, [5, 10]),
        ("where(x > 0, x, -x)", {"x": [-1, 2]}, [1, 2]),
        ("1 < x <= 3 and not x == 2", {"x": [1, 2, 3]}, [False, False, True]),
        ("max(x, y) % 4 // 1", {"x": 7, "y": 2}, 3),
        ("-cos(pi) + round(e)", {}, 4),
        ("10 ** 300 * x", {"x": 1}, 1e300),
    ],
)
def test_formulas_are_calculated(formula: str, values: dict[str, Any], expected: Any):
    found = ops.calculate(formula, **values)
    assert (found.tolist() if isinstance(expected, list) else found) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "is not a formula"),
        ("2 +", "is not a formula"),
        ("a + 1", "there is no 'a'; use x, y, z, pi or e"),
        ("open('x')", "is not possible in a formula"),
        ("system(1)", "there is no function 'system'"),
        ("x.real", "'x.real' is not possible"),
        ("min(x)", "min takes 2 values, not 1"),
        ("'a' * 10**9", "is not possible"),
        ("9 ** 9 ** 9", "a number became too large"),
        ("1 / x", "it divides by zero"),
        ("sqrt(0 - 1)", "the root of a negative number"),
        ("lambda: 1", "is not possible"),
        ("(" * 500 + ")" * 500, "is not a formula"),
        ("-" * 1900 + "1", "nested too deeply"),
        ("1 + " * 1000 + "1", "too long"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said(formula: str, message: str):
    assert message in error_as_node("calculate", formula=formula, x=0)


def test_lists_of_different_lengths_are_no_mystery():
    assert "the lists have different lengths" in error_as_node("calculate", formula="x + y", x=[1, 2], y=[1, 2, 3])
    assert "the lists have different lengths" in error_as_node("combine_arrays", first=[1, 2], second=[1, 2, 3])
    assert "the lists have 2 and 1 numbers" in error_as_node("fit_line", x=[1, 2], y=[1])
    assert "one pair of numbers says nothing" in error_as_node("correlation", first=[1], second=[1])


def test_arrays_are_combined():
    assert ops.combine_arrays([1, 2], "*", 3).tolist() == [3, 6]
    assert ops.combine_arrays([1, 5], "max", [3, 2]).tolist() == [3, 5]
    assert "it divides by zero" in error_as_node("combine_arrays", first=[1], operation="/", second=0)


def test_numbers_are_described():
    found = ops.describe_numbers([1, 2, float("nan"), 6])
    assert found == {
        "count": 3, "mean": 3, "median": 2, "deviation": pytest.approx(math.sqrt(14 / 3)),
        "smallest": 1, "largest": 6, "total": 9,
    }  # fmt: skip
    assert "all are NaN" in error_as_node("describe_numbers", numbers=[None])
    assert ops.percentile([1, 2, 3], 50) == 2
    assert "less than or equal to 100" in error_as_node("percentile", numbers=[1], percent=101)


@given(st.lists(finite, min_size=1, max_size=30), st.integers(1, 8))
def test_every_number_is_in_one_range_of_a_histogram(numbers: list[float], bins: int):
    rows = ops.number_histogram(numbers, bins)
    assert sum(row["count"] for row in rows) == len(numbers)
    assert len(rows) == bins


def test_numbers_that_go_together_are_found():
    assert ops.correlation([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert ops.correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert "all numbers of one list are the same" in error_as_node("correlation", first=[1, 1], second=[1, 2])
    assert "NaN or infinite" in error_as_node("number_histogram", numbers=[1, None])


def test_outliers_are_found_where_they_are():
    assert ops.find_outliers([1, 2, 3, 2, 100, 1]) == [{"position": 4, "number": 100}]
    assert ops.find_outliers([5, 5, 5]) == ops.find_outliers([float("nan")]) == []


def test_lines_and_curves_go_through_their_points():
    line = ops.fit_line([0, 1, 2], [1, 3, 5])
    assert (line["slope"], line["intercept"], line["r_squared"]) == pytest.approx((2, 1, 1))
    curve = ops.fit_curve([0, 1, 2, 3], [0, 1, 4, 9])
    assert curve["coefficients"].tolist() == pytest.approx([1, 0, 0], abs=1e-9)
    far = ops.fit_line([1e9, 1e9 + 1, 1e9 + 2], [1, 2, 3])
    assert far["r_squared"] == pytest.approx(1)
    assert ops.fit_curve([1, 2, 3], [4, 4, 4])["r_squared"] == 1
    assert "needs 3" in error_as_node("fit_curve", x=[1, 1, 2], y=[1, 2, 3])
    assert "NaN" in error_as_node("fit_line", x=[1, 2], y=[None, 1])


def test_sums_run_and_averages_move():
    assert ops.running([1, 2, 3]).tolist() == [1, 3, 6]
    assert ops.running([3, 1, 2], "min").tolist() == [3, 1, 1]
    assert ops.running([1, 4], "change").tolist() == [3]
    assert ops.running([]).tolist() == ops.running([], "change").tolist() == []
    assert ops.moving_average([1, 2, 6], 2).tolist() == [1.5, 4]
    assert "is longer than the list of 2" in error_as_node("moving_average", numbers=[1, 2], window=3)


@given(st.lists(finite, min_size=2, max_size=20, unique_by=lambda number: round(number, 3)))
def test_numbers_are_brought_into_a_range(numbers: list[float]):
    scaled = ops.rescale(numbers, "-1 to 1")
    assert (scaled.min(), scaled.max()) == (pytest.approx(-1), pytest.approx(1))
    assert ops.rescale(numbers, "mean 0, deviation 1").std() == pytest.approx(1)


def test_numbers_that_cannot_be_scaled_say_why():
    assert "they are all the same" in error_as_node("rescale", numbers=[2, 2])
    assert "they sum up to 0" in error_as_node("rescale", numbers=[1, -1], to="sum 1")


def test_matrices_are_multiplied_turned_and_solved():
    assert ops.multiply_matrices([[1, 2]], [[3], [4]]).tolist() == [[11]]
    assert ops.transpose([[1, 2], [3, 4]]).tolist() == [[1, 3], [2, 4]]
    assert ops.solve_equations([[2, 0], [1, 1]], [4, 5]).tolist() == [2, 3]
    assert "both must agree" in error_as_node("multiply_matrices", first=[[1, 2]], second=[[1, 2]])
    assert "one follows from the others" in error_as_node("solve_equations", matrix=[[1, 1], [2, 2]], values=[1, 2])
    assert "2 equations for 1 unknowns" in error_as_node("solve_equations", matrix=[[1], [2]], values=[1, 2])
    assert "this is not a matrix" in error_as_node("transpose", matrix=[1, 2])


def test_five_million_numbers_are_no_problem():
    numbers = np.arange(5_000_000.0)
    assert ops.describe_numbers(numbers)["mean"] == 2_499_999.5
    assert np.shares_memory(ops.transpose(numbers.reshape(1000, 5000)), numbers)
    assert ops.calculate("x + 1", numbers)[-1] == 5_000_000
