"""Whole values of views that outlive their worker: files in the data directory, one folder for each run."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from psynapse.engine.values import select
from psynapse.errors import ExpiredValue, MissingKeyError
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads
from psynapse.worker.protocol import FetchRequest, value_file


@dataclass(frozen=True, slots=True)
class ValueFiles:
    """The folder that holds a folder for each run. Everything here blocks: call it in a thread."""

    root: Path

    def folder(self, run_id: str) -> str:
        """Where the values of a run are, or will be."""
        return str(self.root / run_id)

    def read(self, request: FetchRequest) -> bytes:
        """A value as JSON, or the part that is asked for. Raises ExpiredValue when it is not there."""
        try:
            content = value_file(self.folder(request["run"]), request["node"]).read_bytes()
            return content if _is_all(request) else dumps(_part(loads(content), request))
        except (OSError, json.JSONDecodeError) as error:
            message = f"the value of {request['node'][:80]!r} of run {request['run']} is not kept any more"
            raise ExpiredValue(message, hint="run the workflow again") from error
        except MissingKeyError as error:
            raise ExpiredValue(error.message, hint=error.hint) from error

    def run_ids(self) -> list[str]:
        """The runs that have a folder."""
        try:
            return [path.name for path in self.root.iterdir()]
        except FileNotFoundError:
            return []

    def remove(self, run_ids: Iterable[str]) -> None:
        """Remove the folders of runs, as far as the disk allows."""
        for run_id in run_ids:
            shutil.rmtree(self.root / run_id, ignore_errors=True)


def _is_all(request: FetchRequest) -> bool:
    return request["handle"] in {"", "output", "result"} and request["count"] <= 0


def _part(value: Json, request: FetchRequest) -> Json:
    if request["handle"] not in {"", "output", "result"}:
        value = select(value, request["handle"])  # pyright: ignore[reportAssignmentType] -- a part of JSON is JSON
    if request["count"] > 0 and isinstance(value, (list, str)):
        start = max(0, request["start"])
        value = value[start : start + request["count"]]
    return value
