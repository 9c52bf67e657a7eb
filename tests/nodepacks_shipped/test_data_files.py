"""Tables in files and databases, by the nodes of the pack ``data``."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

import psynapse
from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root

ops: Any = load_file(Nodepack("data", shipped_root() / "data", "shipped", ("ops.py",)), "ops.py")

ROWS: list[dict[str, Any]] = [{"city": "Rome", "price": 2.5}, {"city": "Münster, West", "price": 4.0}]
BOTH = pytest.mark.parametrize("kind", ["pandas", "polars"])


def error_as_node(name: str, /, **values: object) -> str:
    node = {"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}
    result = psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def needed(ending: str) -> None:
    for module in {"parquet": ["pyarrow"], "xlsx": ["openpyxl", "pyarrow"]}.get(ending, []):
        pytest.importorskip(module)


@BOTH
@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"])
def test_a_table_is_written_and_read_again(kind: str, ending: str, tmp_path: Path):
    needed(ending)
    path = ops.write_table(ops.table_from_rows(ROWS, kind), tmp_path / f"t.{ending}")
    found = ops.read_table(path, kind=kind)
    assert ops.table_details(found)["kind"] == kind
    assert ops.table_to_rows(found) == ROWS
    assert list(ops.read_table(path, kind=kind, columns=["price"]).columns) == ["price"]
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@BOTH
def test_csv_of_other_forms_is_read(kind: str, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes("Stadt;Preis\nMünchen;2\n".encode("latin-1"))
    found = ops.read_table(tmp_path / "a.csv", kind=kind, delimiter=";", encoding="latin-1")
    assert ops.table_to_rows(found) == [{"Stadt": "München", "Preis": 2}]
    with pytest.raises(ValueError, match="cannot be read as a table"):
        ops.read_table(tmp_path / "a.csv", kind=kind, delimiter=";")


@BOTH
def test_a_column_may_turn_to_text_late(kind: str):
    text = "a\n" + "1\n" * 20_000 + "x\n"
    values = ops.column_values(ops.table_from_csv(text, kind=kind), "a")
    assert (len(values), values[-1]) == (20_001, "x")


@BOTH
def test_text_that_is_no_table_says_why(kind: str):
    with pytest.raises(ValueError, match="the text is empty"):
        ops.table_from_csv(" \n", kind=kind)
    assert ops.table_to_rows(ops.table_from_csv("a,b\n", kind=kind)) == []


def test_files_that_are_no_tables_say_why(tmp_path: Path):
    for name, content in {"a.csv": b"", "b.json": b"{oops", "c.txt": b"a\n1,2\n3,4,5\n", "d.jsonl": b"{"}.items():
        (tmp_path / name).write_bytes(content)
        if name != "c.txt":
            assert "cannot be read as a table" in error_as_node("read_table", path=str(tmp_path / name))
    assert "there is no file" in error_as_node("read_table", path=str(tmp_path / "no.csv"))
    assert "is a folder" in error_as_node("read_table", path=str(tmp_path))
    (tmp_path / "x.doc").write_text("")
    assert "does not end like a table" in error_as_node("read_table", path=str(tmp_path / "x.doc"))
    (tmp_path / "ok.csv").write_text("a\n1\n")
    missing = error_as_node("read_table", path=str(tmp_path / "ok.csv"), columns=["b"])
    assert missing == "there is no column 'b'; there is a"


@pytest.mark.parametrize("ending", ["parquet", "xlsx"])
def test_broken_files_of_other_programs_are_named(ending: str, tmp_path: Path):
    needed(ending)
    (tmp_path / f"x.{ending}").write_bytes(b"nonsense" * 10)
    for kind in ("pandas", "polars"):
        error = error_as_node("read_table", path=str(tmp_path / f"x.{ending}"), kind=kind)
        assert "cannot be read as a table" in error


def test_a_table_is_never_written_over_another_without_leave(tmp_path: Path):
    path = ops.write_table(ROWS, tmp_path / "t.csv")
    assert "switch replace on" in error_as_node("write_table", table=ROWS, path=str(path), replace=False)
    assert "there is no folder" in error_as_node("write_table", table=ROWS, path=str(tmp_path / "no" / "t.csv"))
    assert "does not end like a table" in error_as_node("write_table", table=ROWS, path=str(tmp_path / "t.pdf"))


@BOTH
def test_a_database_is_written_and_asked(kind: str, tmp_path: Path):
    pytest.importorskip("sqlalchemy")
    if kind == "polars":
        pytest.importorskip("pyarrow")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    table = ops.table_from_rows(ROWS, kind)
    assert ops.write_sql(table, url, "prices") == 2
    assert ops.write_sql(table, url, "prices", "append") == 2
    found = ops.read_sql(url, "SELECT city FROM prices WHERE price > :low", {"low": 3}, kind=kind)
    assert ops.table_to_rows(found) == [{"city": "Münster, West"}] * 2
    assert len(ops.read_sql(url, "SELECT * FROM prices", kind=kind, most=3)) == 3
    assert list(ops.read_sql(url, "SELECT city FROM prices WHERE 1 = 0", kind=kind).columns) == ["city"]
    with pytest.raises(ValueError, match="has a table 'prices' already"):
        ops.write_sql(table, url, "prices")


def test_a_database_that_refuses_says_why_and_never_repeats_a_password(tmp_path: Path):
    pytest.importorskip("sqlalchemy")
    path = tmp_path / "shop.db"
    sqlite3.connect(path).close()
    url = f"sqlite:///{path}"
    assert "no such table: none" in error_as_node("read_sql", url=url, query="SELECT * FROM none")
    assert "there is no query" in error_as_node("read_sql", url=url, query=" ")
    assert "this query gives no table" in error_as_node("read_sql", url=url, query="CREATE TABLE t (a)")
    assert "there is no database" in error_as_node("read_sql", url=f"sqlite:///{tmp_path / 'no.db'}", query="SELECT 1")
    assert not (tmp_path / "no.db").exists()
    secret = error_as_node("read_sql", url="nothing://ada:pass-word-1@host/x", query="SELECT 1")
    assert "no address of a database" in secret
    assert "pass-word-1" not in secret
    assert "no address of a database" in error_as_node("read_sql", url="", query="SELECT 1")


def test_a_query_that_fails_changes_nothing(tmp_path: Path):
    pytest.importorskip("sqlalchemy")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    ops.write_sql(ROWS, url, "prices")
    with pytest.raises(ValueError, match="this query gives no table"):
        ops.read_sql(url, "DELETE FROM prices")
    assert len(ops.read_sql(url, "SELECT * FROM prices")) == 2
