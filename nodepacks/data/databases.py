"""Databases, by way of SQLAlchemy. Their addresses hold passwords, which no error repeats."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import frames
from packages import pandas, polars, sqlalchemy

_SHOWN = 300


def read(url: str, query: str, values: Mapping[str, Any], kind: str, most: int) -> Any:
    """The rows. Raises ValueError for what the database refuses, FileNotFoundError for a file that is not there."""
    if not query.strip():
        raise ValueError("there is no query; write one such as SELECT * FROM sales")
    with _connected(url, must_exist=True) as connection:
        result = connection.execute(sqlalchemy.text(query), dict(values))
        if not result.returns_rows:
            raise ValueError("this query gives no table; begin with SELECT, and use write_sql to write")
        names, rows = list(result.keys()), [tuple(row) for row in result.fetchmany(most)]
    if kind == "polars":
        return polars.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return pandas.DataFrame.from_records(rows, columns=names)


def write(table: Any, url: str, name: str, if_there: str) -> int:
    """How many rows were written. Raises ValueError for what the database refuses."""
    if not name.strip():
        raise ValueError("the table in the database has no name; give it one")
    native = frames.of_kind(table.to_native(), "pandas")
    with _connected(url, must_exist=False) as connection:
        if if_there == "error" and sqlalchemy.inspect(connection).has_table(name):
            raise ValueError(f"the database has a table {name!r} already; choose another name, or another if_there")
        how = "append" if if_there == "error" else if_there
        native.to_sql(name, connection, if_exists=how, index=False, chunksize=10_000)
    return len(table)


@contextmanager
def _connected(url: str, *, must_exist: bool) -> Generator[Any]:
    engine = _engine(url, must_exist=must_exist)
    try:
        # One transaction: a query that fails in the middle changes nothing.
        with engine.begin() as connection:
            yield connection
    except sqlalchemy.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ValueError(f"the database refused: {_scrubbed(reason, engine.url)[:_SHOWN]}") from None
    finally:
        engine.dispose()


def _engine(url: str, *, must_exist: bool) -> Any:
    try:
        address = sqlalchemy.make_url(url.strip())
        engine = sqlalchemy.create_engine(address)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise ValueError("this is no address of a database; it looks like sqlite:///shop.db") from None
    except ModuleNotFoundError as error:
        raise ImportError(
            f"{address.drivername} needs the package {error.name}; add it with: pip install {error.name}"
        ) from None
    # SQLite would make an empty database, and the mistake in the path would show as a missing table.
    path = address.database if address.get_backend_name() == "sqlite" else None
    if must_exist and path and path != ":memory:" and not path.startswith("file:") and not Path(path).is_file():
        raise FileNotFoundError(f"there is no database {path} (looked in {Path.cwd()}); check the address")
    return engine


def _scrubbed(text: str, address: Any) -> str:
    return text.replace(str(address.password), "[password]") if address.password else text
