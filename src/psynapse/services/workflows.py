"""The workflows of a server: stored in its workspace, watched there, announced when they change."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from watchfiles import awatch

from psynapse.engine.private_files import make_private_folder
from psynapse.errors import InvalidWorkflow
from psynapse.logs import logger
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import NodeId
from psynapse.model.workflow import parse_workflow
from psynapse.services.announcements import Announcements
from psynapse.storage.database import StorageUnavailable
from psynapse.storage.workspace import StoredWorkflow, WorkflowEntry, Workspace

Result = TypeVar("Result")


class Workflows:
    """Reads and writes in threads, one at a time. What changes, whoever did it, is announced once."""

    def __init__(self, workspace: Workspace, announcements: Announcements) -> None:
        self._workspace = workspace
        self._announcements = announcements
        self._announced: Mapping[str, str] | None = None
        """The revisions that listeners know of, as soon as there can be any."""
        self._turn = asyncio.Lock()

    async def list(self) -> Sequence[WorkflowEntry]:
        """All of them by name. Raises StorageUnavailable."""
        return await asyncio.to_thread(self._workspace.list)

    async def read(self, name: str) -> StoredWorkflow:
        """A workflow. Raises UnusableName, UnknownWorkflow, WorkflowFileError and StorageUnavailable."""
        return await asyncio.to_thread(self._workspace.read, name)

    async def write(self, name: str, document: object, known: Collection[str]) -> StoredWorkflow:
        """Store a workflow whose revision is one of ``known``, or with none of them a new one.

        Raises InvalidWorkflow for one of which something would be lost, and what ``Workspace.write`` raises.
        """
        return await self._change(lambda: self._write(name, document, known))

    async def delete(self, name: str, known: Collection[str]) -> None:
        """Move a workflow to the trash. Raises what ``Workspace.delete`` raises."""
        await self._change(lambda: self._workspace.delete(name, known))

    async def rename(self, name: str, to: str) -> StoredWorkflow:
        """Call a workflow ``to``. Raises what ``Workspace.rename`` raises."""
        return await self._change(lambda: self._workspace.rename(name, to))

    async def duplicate(self, name: str, to: str | None) -> StoredWorkflow:
        """Store a workflow once more. Raises what ``Workspace.duplicate`` raises."""
        return await self._change(lambda: self._workspace.duplicate(name, to))

    async def watch(self) -> None:
        """Announce what others change in the folder, and empty its trash, until cancelled."""
        folder = self._workspace.folder
        try:
            await asyncio.to_thread(make_private_folder, folder)
            await asyncio.to_thread(self._workspace.prune)
            await self._announce()
            # Also looked at now and then: some file systems tell nothing.
            async for _ in awatch(folder, recursive=False, debounce=200, step=50, yield_on_timeout=True):
                await self._announce()
        except (OSError, StorageUnavailable) as error:
            logger.warning("changes of workflow files in %s are not noticed: %s", folder, error)

    def _write(self, name: str, document: object, known: Collection[str]) -> StoredWorkflow:
        _check_whole(document)
        return self._workspace.write(name, document, known)

    async def _change(self, change: Callable[[], Result]) -> Result:
        changed = await asyncio.to_thread(change)
        await self._announce()
        return changed

    async def _announce(self) -> None:
        """Tell what is different from what was told last."""
        async with self._turn:
            try:
                entries = await asyncio.to_thread(self._workspace.list)
            except StorageUnavailable:
                # Whoever asks for the workflows themselves is told.
                return
            before, now = self._announced, {entry.name: entry.revision for entry in entries}
            self._announced = now
            if before is None:
                return
            for name in sorted({*before, *now}):
                if before.get(name) != now.get(name):
                    self._announcements.publish({"type": "workflow", "name": name, "revision": now.get(name)})


def _check_whole(document: object) -> None:
    """Refuse a workflow of which something could not be stored."""
    workflow, found = parse_workflow(document)
    lost = [*found, *_doubles("node", [node.id for node in workflow.nodes])]
    lost += _doubles("edge", [edge.id for edge in workflow.edges])
    if lost:
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise InvalidWorkflow(lost[0].message + more, diagnostics=tuple(lost), hint="nothing was stored")


def _doubles(what: str, ids: Iterable[object]) -> Iterator[Diagnostic]:
    for id_, count in Counter(id_ for id_ in ids if isinstance(id_, str) and id_).items():
        if count > 1:
            node = NodeId(id_) if what == "node" else None
            message = f"{count} {what}s have the id {id_[:80]!r}"
            yield Diagnostic(code="duplicate-id", message=message, node=node, hint="give each its own id")
