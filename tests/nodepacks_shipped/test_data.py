"""The nodes of the pack ``data`` on tables of pandas and of polars: choose, calculate, group, join, describe."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.engine.previews import preview
from psynapse.model.json_text import dumps

ops: Any = load_file(Nodepack("data", shipped_root() / "data", "shipped", ("ops.py",)), "ops.py")

ROWS: list[dict[str, Any]] = [
    {"city": "Rome", "price": 2.0, "sold": 3, "unit price": 1},
    {"city": "Oslo", "price": None, "sold": 1, "unit price": 2},
    {"city": "Rome", "price": 4.0, "sold": 5, "unit price": 3},
]
BOTH = pytest.mark.parametrize("kind", ["pandas", "polars"])


def table(kind: str, rows: list[dict[str, Any]] = ROWS) -> Any:
    return ops.table_from_rows(rows, kind)


def rows(value: Any) -> list[dict[str, Any]]:
    return ops.table_to_rows(value)


def column(value: Any, name: str) -> list[Any]:
    return ops.column_values(value, name)


def run(name: str, /, **values: object) -> Any:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    return psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"]


def error_as_node(name: str, /, **values: object) -> str:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


@BOTH
def test_rows_become_a_table_of_the_kind_asked_for_and_rows_again(kind: str):
    made = table(kind)
    assert isinstance(made, pd.DataFrame if kind == "pandas" else pl.DataFrame)
    assert rows(made) == ROWS
    assert ops.table_from_rows(made, kind) is made
    assert len(table(kind, [])) == 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "this is nothing, not a table; connect one, or a list of rows"),
        (3, "this is a value of type int, not a table"),
        ("a,b", "this is a value of type str, not a table"),
        ([1], "item 0 of the list is a int, not a row"),
    ],
)
@pytest.mark.parametrize("name", ["describe_table", "table_to_rows", "slice_rows"])
def test_what_is_no_table_says_what_to_connect(name: str, value: object, message: str):
    assert message in error_as_node(name, table=value)


def test_rows_from_other_nodes_are_taken_as_they_are():
    assert run("sort_rows", table=ROWS, by=["sold"])["sold"].tolist() == [1, 3, 5]
    assert column(ROWS, "price") == [2.0, None, 4.0]


@BOTH
def test_columns_are_chosen_and_renamed_without_a_copy(kind: str):
    made = table(kind)
    some = ops.select_columns(made, ["sold", "city"])
    assert list(some.columns) == ["sold", "city"]
    assert list(ops.select_columns(made, ["price"], leave_out=True).columns) == ["city", "sold", "unit price"]
    renamed = ops.rename_columns(made, {"sold": "count"})
    assert list(renamed.columns) == ["city", "price", "count", "unit price"]
    assert np.shares_memory(np.asarray(made["sold"]), np.asarray(some["sold"]))
    assert np.shares_memory(np.asarray(made["sold"]), np.asarray(renamed["count"]))


def test_a_name_that_no_column_has_gets_a_suggestion():
    assert error_as_node("select_columns", table=ROWS, columns=["prize"]) == (
        "there is no column 'prize'; did you mean 'price'?"
    )
    assert "there is no column 'x'; there is city, price" in error_as_node("column_values", table=ROWS, column="x")
    assert "there is none at all" in error_as_node("column_values", table=[], column="x")
    names = {"price": "sold"}
    assert "two columns would be called 'sold'" in error_as_node("rename_columns", table=ROWS, names=names)


@BOTH
@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("sold > 2", [3, 5]),
        ('city == "Oslo" or price >= 4', [1, 5]),
        ('city in ("Oslo", "Bern")', [1]),
        ('city not in ["Oslo"]', [3, 5]),
        ("not sold > 2", [1]),
        ("1 < sold <= 3", [3]),
        ("is_missing(price)", [1]),
        ("`unit price` * 2 == 4", [1]),
        ('contains(lower(city), "ro")', [3, 5]),
        ('starts_with(city, "R") and length(city) == 4', [3, 5]),
        ("sold > mean(sold)", [5]),
        ("-sold < 0 - 4", [5]),
        ("sold % 2 == 0", []),
    ],
)
def test_rows_are_filtered(kind: str, condition: str, expected: list[int]):
    assert column(ops.filter_rows(table(kind), condition), "sold") == expected


@BOTH
def test_columns_are_calculated(kind: str):
    made = table(kind)
    assert column(ops.derive_column(made, "total", "price * sold"), "total") == [6, None, 20]
    assert column(ops.derive_column(made, "a", "if_else(sold > 2, upper(city), 'few')"), "a") == ["ROME", "few", "ROME"]
    assert column(ops.derive_column(made, "a", "sold / sum(sold)"), "a") == pytest.approx([3 / 9, 1 / 9, 5 / 9])
    assert column(ops.derive_column(made, "sold", "fill(price, 0) ** 2"), "sold") == [4, 0, 16]
    assert column(ops.derive_column(made, "a", "'same'"), "a") == ["same"] * 3
    days = [{"day": dt.datetime(2024, 3, 18)}]  # noqa: DTZ001 -- as tables read them
    assert column(ops.derive_column(table(kind, days), "y", "year(day) * 100 + month(day)"), "y") == [202403]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("", "is not a formula"),
        ("price = 3", "is not a formula; use == to compare"),
        ("prize + 1", "there is no column 'prize'; did you mean 'price'?"),
        ("open(price)", "there is no function 'open'; there are abs, round"),
        ("price.__class__", "'price.__class__' is not possible in a formula"),
        ("abs()", "abs begins with a column: abs(price)"),
        ("abs(price, 1, 2)", "abs does not take 3 values"),
        ("city is 3", "compare with ==, !="),
        ("lambda: 1", "is not possible in a formula"),
        ("9 ** 9 ** 9 ** 9", "too large"),
        ("price * (1 / 0)", "divided by zero"),
        ("'a' * 9999999999", "not with text in quotes"),
        ("(" * 500 + ")" * 500, "is not a formula"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said(formula: str, message: str):
    assert message in error_as_node("derive_column", table=ROWS, name="x", formula=formula)


@BOTH
def test_a_formula_that_does_not_fit_the_values_is_an_error_for_people(kind: str):
    with pytest.raises(ValueError, match="is no condition for this table"):
        ops.filter_rows(table(kind), "lower(sold) == 'a'")
    with pytest.raises(ValueError, match="the new column has no name"):
        ops.derive_column(table(kind), " ", "sold")


@BOTH
def test_rows_are_ordered_cut_and_told_apart(kind: str):
    made = table(kind)
    assert column(ops.sort_rows(made, ["price"], descending=True), "price") == [4, 2, None]
    assert column(ops.sort_rows(made, ["city", "sold"]), "sold") == [1, 3, 5]
    assert column(ops.slice_rows(made, 1, 1), "sold") == [1]
    assert rows(ops.slice_rows(made, 5, 9)) == []
    assert column(ops.unique_rows(made, ["city"]), "sold") == [3, 1]
    assert sorted(column(ops.sample_rows(made, 99), "sold")) == [1, 3, 5]
    assert column(ops.sample_rows(made, 1, 7), "sold") == column(ops.sample_rows(made, 1, 7), "sold")
    assert "name at least one" in error_as_node("sort_rows", table=ROWS, by=[])


@BOTH
def test_gaps_are_dropped_or_filled(kind: str):
    made = table(kind)
    assert column(ops.missing_rows(made), "sold") == [3, 5]
    assert column(ops.missing_rows(made, "fill", 9.0, ["price"]), "price") == [2, 9, 4]


@BOTH
def test_columns_are_read_as_another_type(kind: str):
    made = table(kind, [{"n": "3", "day": "2024-03-18"}])
    found = ops.change_types(made, {"n": "number", "day": "date"})
    assert column(found, "n") == [3.0]
    assert column(ops.derive_column(found, "y", "year(day)"), "y") == [2024]
    with pytest.raises(ValueError, match="the column 'city' has values that are no whole number"):
        ops.change_types(table(kind), {"city": "whole number"})


@BOTH
def test_groups_have_figures(kind: str):
    found = rows(ops.group_rows(table(kind), ["city"], {"sold": "sum", "price": "mean"}))
    assert found == [
        {"city": "Oslo", "rows": 1, "sold_sum": 1, "price_mean": None},
        {"city": "Rome", "rows": 2, "sold_sum": 8, "price_mean": 3},
    ]
    assert rows(ops.group_rows(table(kind), ["city"], {"sold": "different"}))[1]["sold_different"] == 2
    assert rows(ops.group_rows(table(kind).head(0), ["city"])) == []
    assert "sold: it should be 'sum'" in error_as_node(
        "group_rows", table=ROWS, by=["city"], calculate={"sold": "best"}
    )


@BOTH
def test_tables_are_joined(kind: str):
    other = table(kind, [{"city": "Rome", "land": "Italy"}, {"city": "Bern", "land": "Switzerland"}])
    made = table(kind)
    assert column(ops.join_tables(made, other, ["city"]), "land") == ["Italy", "Italy"]
    assert column(ops.join_tables(made, other, ["city"], "left"), "land") == ["Italy", None, "Italy"]
    full = ops.join_tables(made, other, ["city"], "full")
    assert sorted(column(full, "city")) == ["Bern", "Oslo", "Rome", "Rome"]
    assert column(ops.join_tables(made, other, ["city"], "only left"), "city") == ["Oslo"]
    assert column(ops.join_tables(made, other, ["city"], "have match"), "sold") == [3, 5]
    assert "there is no column 'land'" in error_as_node("join_tables", left=ROWS, right=ROWS, on=["land"])


@BOTH
def test_tables_are_stacked(kind: str):
    both = ops.stack_tables([table(kind, [{"a": 1}]), table(kind, [{"a": 2, "b": "x"}])])
    assert rows(both) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    assert "there are no tables" in error_as_node("stack_tables", tables=[])


@BOTH
def test_tables_are_pivoted_and_back(kind: str):
    sales = [
        {"year": 2023, "city": "Oslo", "sold": 1},
        {"year": 2023, "city": "Rome", "sold": 2},
        {"year": 2024, "city": "Rome", "sold": 3},
        {"year": 2024, "city": "Rome", "sold": 4},
    ]
    wide = ops.pivot_rows(table(kind, sales), ["year"], "city", "sold")
    assert list(wide.columns) == ["year", "Oslo", "Rome"]
    assert column(wide, "Rome") == [2, 7]
    long = ops.unpivot_columns(wide, ["year"], "city", "sold")
    assert sorted(set(column(long, "city"))) == ["Oslo", "Rome"]
    with pytest.raises(ValueError, match="too many to be columns"):
        ops.pivot_rows(table(kind, [{"a": n, "b": n} for n in range(6000)]), ["a"], "a", "b")
    with pytest.raises(ValueError, match="the name 'year' is taken"):
        ops.unpivot_columns(wide, ["year"], "year")


@BOTH
def test_a_table_is_described(kind: str):
    found = {row["column"]: row for row in ops.describe_table(table(kind))}
    assert (found["price"]["count"], found["price"]["missing"], found["price"]["mean"]) == (2, 1, 3)
    assert (found["city"]["different"], found["city"]["mean"]) == (2, None)
    details = ops.table_details(table(kind))
    assert (details["rows"], details["columns"], details["kind"]) == (3, 4, kind)
    assert ops.count_values(table(kind), "city", 1) == [{"value": "Rome", "count": 2, "part": 2 / 3}]
    assert ops.describe_table(table(kind, [])) == []


@BOTH
def test_pictures_are_drawn(kind: str):
    pytest.importorskip("matplotlib")
    for how in ("line", "bar", "points", "area", "steps"):
        figure = ops.plot_table(table(kind), "sold", ["unit price", "sold"], how, title="T")
        assert [axes.get_title() for axes in figure.axes] == ["T"]
    for how in ("histogram", "box", "violin"):
        assert len(ops.plot_distribution(table(kind), ["price", "sold"], how).axes) == 1
    shown = preview(ops.plot_table(table(kind), "city", ["sold"], "bar"), limit=65_536)
    assert str(shown).startswith("data:image/") or "figure" in str(shown)


def test_what_cannot_be_drawn_says_why():
    assert "has no numbers to draw" in error_as_node("plot_table", table=ROWS, x="sold", y=["city"])
    assert "name at least one" in error_as_node("plot_table", table=ROWS, x="sold", y=[])
    assert "there is no column" in error_as_node("plot_distribution", table=[], columns=["a"])
    many = pd.DataFrame({"a": np.arange(300_000)})
    with pytest.raises(ValueError, match="use sample_rows or group_rows first"):
        ops.plot_table(many, "a", ["a"])


@BOTH
def test_a_chart_is_described_for_the_browser(kind: str):
    pytest.importorskip("altair")
    chart = ops.interactive_chart(table(kind), "city", "price", "bar", color="unit price", title="T").to_dict()
    assert chart["encoding"]["color"] == {"field": "unit price", "title": "unit price", "type": "quantitative"}
    assert chart["data"]["values"][1] == {"city": "Oslo", "price": None, "unit price": 2}
    with pytest.raises(ValueError, match="too many for a chart"):
        ops.interactive_chart(pd.DataFrame({"a": np.arange(30_000)}), "a", "a")


@BOTH
def test_five_million_rows_pass_between_nodes_without_a_copy(kind: str, tmp_path: Path):
    (tmp_path / "keep").mkdir()
    code = f"import numpy as np\nimport {kind}\n\ndef big() -> {kind}.DataFrame:\n"
    code += f"    return {kind}.DataFrame({{'a': np.arange(5_000_000), 'b': np.zeros(5_000_000)}})\n"
    code += f"\ndef identity(table: {kind}.DataFrame) -> int:\n    return id(table)\n"
    (tmp_path / "keep" / "ops.py").write_text(code)
    nodes = [
        {"id": "big", "type": "functionNode", "data": {"functionName": "big"}},
        {"id": "same", "type": "functionNode", "data": {"functionName": "identity"}},
        {"id": "some", "type": "functionNode", "data": {"functionName": "select_columns", "columns": ["a"]}},
        {"id": "part", "type": "functionNode", "data": {"functionName": "slice_rows", "count": 1_000_000}},
    ]
    ends = [("big", "same"), ("big", "some"), ("some", "part")]
    edges = [{"source": a, "sourceHandle": "result", "target": b, "targetHandle": "table"} for a, b in ends]
    found: Any = psynapse.run({"nodes": nodes, "edges": edges}, nodepacks=tmp_path, targets=["same", "part"]).outputs
    assert found["same"] == id(found["big"])
    whole = np.asarray(found["big"]["a"])
    assert np.shares_memory(whole, np.asarray(found["some"]["a"]))
    assert np.shares_memory(whole, np.asarray(found["part"]["a"]))
    shown = preview(found["big"], limit=65_536)
    assert len(dumps(shown)) <= 65_536
    assert isinstance(shown, dict)
    assert shown["summary"] == "DataFrame 5,000,000 x 2"
