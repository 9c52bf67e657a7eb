"""The packages that tables need. They take a while to import, so that waits until a node uses them.

A worker imports every nodepack when it starts: what stands at the top of a file is paid for by all workflows.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

_COMMAND = 'pip install "psynapse[data]"'


class Later:
    """Stands for a package and imports it at the first use. Using one that is missing raises ImportError."""

    def __init__(self, name: str, purpose: str) -> None:
        self._name = name
        self._purpose = purpose

    def __getattr__(self, attribute: str) -> Any:
        try:
            return getattr(import_module(self._name), attribute)
        except ModuleNotFoundError as error:
            raise ImportError(
                f"{self._purpose} needs {self._name.partition('.')[0]}; add it with: {_COMMAND}"
            ) from error


if missing := [name for name in ("narwhals", "pandas") if find_spec(name) is None]:
    raise ImportError(f"the nodes for tables need {' and '.join(missing)}; add them with: {_COMMAND}")

narwhals: Any = Later("narwhals", "every table")
pandas: Any = Later("pandas", "a table of pandas")
polars: Any = Later("polars", "a table of polars")
sqlalchemy: Any = Later("sqlalchemy", "a database")
altair: Any = Later("altair", "a chart")
figures: Any = Later("matplotlib.figure", "a picture of a table")
