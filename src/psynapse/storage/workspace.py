"""The folder of workflow files: one canonical JSON file for each, changed only by those who know what it was.

Everything here blocks: call it in a thread.
"""

import codecs
import json
import os
import stat
import threading
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

from psynapse.engine.private_files import make_private_folder
from psynapse.errors import PsynapseError, WorkflowFileError
from psynapse.model.canonical import canonical_text, revision_of
from psynapse.model.ids import JsonObject
from psynapse.model.json_text import loads
from psynapse.model.migrations import migrate
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.durable import settle_folder, write_durably
from psynapse.storage.trash import Trash
from psynapse.storage.workflow_names import UnusableName, checked_name, same_name

SUFFIX: Final = ".json"
ANY: Final = "*"
"""Stands for whatever revision a workflow has."""
_LARGEST: Final = 256 << 20
_MOST_COPIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class StoredWorkflow:
    """A workflow as it is in the folder. ``text`` is canonical, and empty when the file holds no workflow."""

    name: str
    revision: str
    text: str
    modified: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class WorkflowEntry:
    """A workflow as lists show it. ``problem`` says why a file cannot be opened, and is empty for one that can."""

    name: str
    revision: str
    modified: float
    nodes: int
    size: int
    problem: str = ""


class UnknownWorkflow(PsynapseError):
    """There is no workflow of that name."""

    code = "unknown-workflow"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no workflow {name!r}", hint="GET /workflows lists those there are")


class WorkflowExists(PsynapseError):
    """There is a workflow of that name already."""

    code = "workflow-exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a workflow {name!r} already", hint="choose another name")


class WorkflowConflict(PsynapseError):
    """The workflow is not what the client knows. ``current`` is what it is; None when it is not there."""

    code = "workflow-conflict"

    def __init__(self, name: str, current: StoredWorkflow | None) -> None:
        what = "was changed or made by somebody else" if current else "is not there any more"
        super().__init__(f"the workflow {name!r} {what}", hint="compare both, then save again or under another name")
        self.current = current


class Workspace:
    """The workflows in ``folder``, which need not be there before the first one is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._trash = Trash(folder / ".trash")
        self._lock = threading.RLock()
        self._seen: dict[str, tuple[tuple[int, ...], WorkflowEntry]] = {}

    def list(self) -> Sequence[WorkflowEntry]:
        """All of them by name, files that are no workflows included. Raises StorageUnavailable."""
        with self._lock, self._disk():
            self._seen = {path.name: self._entry(path) for path in self._paths()}
            return sorted((entry for _, entry in self._seen.values()), key=lambda one: (same_name(one.name), one.name))

    def read(self, name: str) -> StoredWorkflow:
        """A workflow. Raises UnusableName, UnknownWorkflow, WorkflowFileError and StorageUnavailable."""
        with self._lock, self._disk():
            return _read(self._existing(name))

    def write(self, name: str, document: object, known: Collection[str]) -> StoredWorkflow:
        """Store a workflow whose revision is one of ``known``; with none of them, one that is not there yet.

        What is stored already is not written again, whoever did it. Raises WorkflowConflict, UnusableName,
        WorkflowFileError when ``document`` is no workflow, and StorageUnavailable.
        """
        name, text = checked_name(name), canonical_text(document)
        with self._lock, self._disk():
            path = self._find(name)
            current = path and self._current(path)
            if current and current.revision == revision_of(text):
                return current
            _check(name, current, known)
            make_private_folder(self.folder)
            path = _target(path) if path else self.folder / f"{name}{SUFFIX}"
            write_durably(path, text.encode())
            return _read(path)

    def delete(self, name: str, known: Collection[str]) -> None:
        """Move a workflow whose revision is one of ``known`` to the trash.

        Raises WorkflowConflict, UnusableName, UnknownWorkflow and StorageUnavailable.
        """
        with self._lock, self._disk():
            path = self._existing(name)
            _check(name, self._current(path), known)
            self._trash.take(path)

    def rename(self, name: str, to: str) -> StoredWorkflow:
        """Call a workflow ``to``. Raises WorkflowExists, and what ``read`` raises."""
        to = checked_name(to)
        with self._lock, self._disk():
            path, taken = self._existing(name), self._find(to)
            if taken and taken != path:
                raise WorkflowExists(to)
            workflow = _read(path)
            path.rename(self.folder / f"{to}{SUFFIX}")
            settle_folder(self.folder)
            return StoredWorkflow(to, workflow.revision, workflow.text, workflow.modified)

    def duplicate(self, name: str, to: str | None = None) -> StoredWorkflow:
        """Store a workflow once more, as ``to`` or under a name like "flow copy 2". Raises as ``rename`` does."""
        to = to and checked_name(to)
        with self._lock, self._disk():
            workflow = _read(self._existing(name))
            to = to or self._free_name(workflow.name)
            if self._find(to):
                raise WorkflowExists(to)
            path = self.folder / f"{to}{SUFFIX}"
            write_durably(path, workflow.text.encode())
            return _read(path)

    def prune(self) -> None:
        """Remove what has been in the trash for long. Raises StorageUnavailable."""
        with self._lock, self._disk():
            self._trash.prune()

    @contextmanager
    def _disk(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            message = f"the workflows in {self.folder} cannot be used: {error.strerror or error}"
            hint = "make the folder writable, make room on the disk, or set PSYNAPSE_WORKFLOWS_DIR"
            raise StorageUnavailable(message, hint=hint) from error

    def _paths(self) -> Sequence[Path]:
        try:
            paths = list(self.folder.iterdir())
        except FileNotFoundError:
            return ()
        return [path for path in paths if path.name.endswith(SUFFIX) and not path.name.startswith(".")]

    def _find(self, name: str) -> Path | None:
        """The file of that name, or of one that differs in capitals only."""
        found = [path for path in self._paths() if same_name(_name_of(path)) == same_name(name)]
        return next((path for path in found if _name_of(path) == name), found[0] if found else None)

    def _existing(self, name: str) -> Path:
        path = self._find(checked_name(name))
        if path is None:
            raise UnknownWorkflow(name)
        return path

    def _current(self, path: Path) -> StoredWorkflow:
        """What a file holds; one that holds no workflow has the revision that lists show."""
        try:
            return _read(path)
        except WorkflowFileError:
            _, entry = self._entry(path)
            return StoredWorkflow(entry.name, entry.revision, "", entry.modified)

    def _entry(self, path: Path) -> tuple[tuple[int, ...], WorkflowEntry]:
        """What lists show of a file, read again only when it looks different."""
        facts = path.lstat() if path.is_symlink() else path.stat()
        looks = (facts.st_mtime_ns, facts.st_size, facts.st_ino, facts.st_mode)
        seen = self._seen.get(path.name)
        # A link says nothing of what it leads to.
        if seen and seen[0] == looks and not path.is_symlink():
            return seen
        return looks, _entry(path, facts)

    def _free_name(self, name: str) -> str:
        begin = name[:80].encode()[:180].decode("utf-8", "ignore").rstrip(" .")
        for number in range(1, _MOST_COPIES):
            copy = f"{begin} copy{f' {number}' if number > 1 else ''}"
            if self._find(copy) is None:
                return checked_name(copy)
        raise WorkflowExists(f"{name} copy")


def _name_of(path: Path) -> str:
    # File systems have names that are no text.
    return path.name.removesuffix(SUFFIX).encode("utf-8", "replace").decode()


def _check(name: str, current: StoredWorkflow | None, known: Collection[str]) -> None:
    good = (current.revision in known or ANY in known) if current else not known
    if not good:
        raise WorkflowConflict(name, current)


def _read(path: Path) -> StoredWorkflow:
    """The workflow in a file. Raises WorkflowFileError and OSError."""
    text = canonical_text(migrate(_parsed(_content(path), path.name)))
    return StoredWorkflow(_name_of(path), revision_of(text), text, path.stat().st_mtime)


def _target(path: Path) -> Path:
    """The file itself, where ``path`` is a link within the folder. Raises WorkflowFileError for any other link."""
    target = path.resolve()
    if not target.is_relative_to(path.parent.resolve()):
        raise WorkflowFileError(f"{path.name} is a link that leads out of the folder", hint="put the file itself there")
    if not target.exists():
        raise WorkflowFileError(f"{path.name} is a link that leads nowhere", hint="delete it")
    return target


def _content(path: Path) -> bytes:
    facts = _target(path).stat()
    # Opening a pipe would wait for whoever writes to it.
    if not stat.S_ISREG(facts.st_mode):
        raise WorkflowFileError(f"{path.name} is not a file", hint="give it another name")
    if facts.st_size > _LARGEST:
        raise WorkflowFileError(f"{path.name} has more than {_LARGEST >> 20} MiB", hint="make it smaller")
    return path.read_bytes().removeprefix(codecs.BOM_UTF8)


def _parsed(content: bytes, name: str) -> JsonObject:
    try:
        document = loads(content)
    except json.JSONDecodeError as error:
        message = f"{name} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise WorkflowFileError(message, hint="repair it there, or delete it") from error
    if not isinstance(document, Mapping):
        hint = 'a workflow is a JSON object with the lists "nodes" and "edges"'
        raise WorkflowFileError(f"{name} holds JSON that is no workflow", hint=hint)
    return document


def _entry(path: Path, facts: os.stat_result) -> WorkflowEntry:
    name = _name_of(path)
    try:
        workflow = _read(path)
        checked_name(name)
    except UnusableName as error:
        problem = f"{error.message}: rename the file to open it"
    except WorkflowFileError as error:
        problem = error.message
    else:
        nodes = len(cast("dict[str, list[object]]", loads(workflow.text.encode()))["nodes"])
        return WorkflowEntry(name, workflow.revision, facts.st_mtime, nodes, facts.st_size)
    return WorkflowEntry(name, sha256(_bytes(path)).hexdigest(), facts.st_mtime, 0, facts.st_size, problem)


def _bytes(path: Path) -> bytes:
    try:
        return _content(path)
    except WorkflowFileError:
        return b""
