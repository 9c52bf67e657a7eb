"""Node packages opened by the command itself, where no server has them open."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel
from typing_extensions import override

from psynapse.cli.node_doors import Door, Tell
from psynapse.server.node_answers import (
    as_done,
    as_history,
    as_list,
    as_preview,
    as_wish,
    reloaded_answer,
    switched_answer,
)
from psynapse.server.node_shapes import (
    ChangeAnswer,
    GenerationList,
    InstallAnswer,
    NodeList,
    PackageRequest,
    PreviewAnswer,
    ReloadAnswer,
    SwitchAnswer,
    UninstallAnswer,
)
from psynapse.server.pipeline_answers import as_pipelines
from psynapse.server.pipeline_shapes import PipelineList
from psynapse.services.nodes import Nodes
from psynapse.services.open import opened_nodes
from psynapse.settings import Settings

Model = TypeVar("Model", bound=BaseModel)


class Here(Door):
    """Opens the node packages in this process: no server has them open."""

    def __init__(self, settings: Settings, tell: Tell) -> None:
        self._settings = settings
        self._tell = tell

    @override
    def list(self, *, refresh: bool) -> NodeList:
        async def work(nodes: Nodes) -> NodeList:
            return as_list(await nodes.list(refresh=refresh))

        return self._do(work)

    @override
    def pipelines(self) -> PipelineList:
        async def work(nodes: Nodes) -> PipelineList:
            return as_pipelines(nodes.pipelines)

        return self._do(work)

    @override
    def install(self, wish: PackageRequest) -> InstallAnswer:
        async def work(nodes: Nodes) -> InstallAnswer:
            return as_done(await nodes.install(as_wish(wish)), InstallAnswer)

        return self._do(work)

    @override
    def preview(self, wish: PackageRequest) -> PreviewAnswer:
        async def work(nodes: Nodes) -> PreviewAnswer:
            return as_preview(await nodes.preview(as_wish(wish)))

        return self._do(work)

    @override
    def uninstall(self, name: str) -> UninstallAnswer:
        async def work(nodes: Nodes) -> UninstallAnswer:
            return as_done(await nodes.uninstall(name), UninstallAnswer)

        return self._do(work)

    @override
    def reload(self, name: str) -> ReloadAnswer:
        async def work(nodes: Nodes) -> ReloadAnswer:
            return reloaded_answer(await nodes.reload(name))

        return self._do(work)

    @override
    def disable(self, name: str) -> SwitchAnswer:
        async def work(nodes: Nodes) -> SwitchAnswer:
            return switched_answer(await nodes.disable(name))

        return self._do(work)

    @override
    def enable(self, name: str) -> SwitchAnswer:
        async def work(nodes: Nodes) -> SwitchAnswer:
            return switched_answer(await nodes.enable(name))

        return self._do(work)

    @override
    def rollback(self, to: int | None) -> ChangeAnswer:
        async def work(nodes: Nodes) -> ChangeAnswer:
            return as_done(await nodes.rollback(to), ChangeAnswer)

        return self._do(work)

    @override
    def history(self) -> GenerationList:
        async def work(nodes: Nodes) -> GenerationList:
            return as_history(nodes)

        return self._do(work)

    def _do(self, work: Callable[[Nodes], Awaitable[Model]]) -> Model:
        async def opened() -> Model:
            async with opened_nodes(self._settings) as nodes:
                listening = asyncio.create_task(self._listen(nodes))
                try:
                    return await work(nodes)
                finally:
                    listening.cancel()

        return asyncio.run(opened())

    async def _listen(self, nodes: Nodes) -> None:
        with nodes.changes.listening() as (_, listener):
            while True:
                for news in await listener.hear():
                    self._tell(news)
