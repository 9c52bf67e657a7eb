"""Node packages: what is there, what an installation would do, and changes with their progress."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as FromPath

from psynapse.server.bodies import read_model
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
    CancelAnswer,
    ChangeAnswer,
    ChangeEvent,
    ConflictProblem,
    GenerationList,
    InstallAnswer,
    NodeList,
    PackageProblem,
    PackageRequest,
    PreviewAnswer,
    ReloadAnswer,
    RollbackRequest,
    SwitchAnswer,
    UninstallAnswer,
)
from psynapse.server.openapi import json_body, problem_of, problems, stream_of
from psynapse.server.sse import HEARTBEAT_SECONDS, EventStream, frame
from psynapse.server.state import nodes_of
from psynapse.services.changes import Changes

router = APIRouter(prefix="/nodes", tags=["nodes"])
Name = Annotated[str, FromPath(max_length=200, description="The name of the package, however it is written.")]
_HEARTBEAT: Final = b": heartbeat\n\n"
_CHANGES: Final = {
    **problems(413, 415, 500, 503),
    409: problem_of(ConflictProblem, "It cannot be had beside what is there, or another change goes on"),
    422: problem_of(PackageProblem, "The package cannot be imported, or not be looked into without running it"),
}


@router.get("", responses=problems(500, 503))
async def list_nodes(
    request: Request,
    refresh: Annotated[bool, Query(description="Look for updates first, instead of in the background.")] = False,  # noqa: FBT002 -- by its name
) -> NodeList:
    """All node packages, and what could not be loaded."""
    return as_list(await nodes_of(request).list(refresh=refresh))


@router.post("", responses=_CHANGES, openapi_extra=json_body(PackageRequest))
async def install_node(request: Request) -> InstallAnswer:
    """Install a node package, or another version of it. Where that fails, nothing has changed."""
    wish = as_wish(await read_model(request, PackageRequest))
    return as_done(await nodes_of(request).install(wish), InstallAnswer)


@router.post("/preview", responses=_CHANGES, openapi_extra=json_body(PackageRequest))
async def preview_node(request: Request) -> PreviewAnswer:
    """What an installation would add, change and remove. Runs no code of any package, and changes nothing."""
    return as_preview(await nodes_of(request).preview(as_wish(await read_model(request, PackageRequest))))


@router.get(
    "/events",
    response_class=Response,
    responses={200: stream_of("What the change that goes on is at", ChangeEvent), **problems(500, 503)},
)
async def change_events(request: Request) -> Response:
    """The steps and the end of every change from now on. The first event is the last that there was."""
    return EventStream(_told(nodes_of(request).changes))


@router.post("/cancel", responses=problems(500, 503))
async def cancel_change(request: Request) -> CancelAnswer:
    """Cancel the change that goes on. From its commit point on it is carried out to its end."""
    changes = nodes_of(request).changes
    if not changes.going_on:
        return CancelAnswer(cancelled=False, message="nothing goes on")
    cancelled = await changes.cancel()
    return CancelAnswer(cancelled=cancelled, message="cancelled" if cancelled else "it is too late to cancel it")


@router.get("/generations", responses=problems(500, 503))
async def list_generations(request: Request) -> GenerationList:
    """The generations that one can go back to, and what each has changed."""
    return await asyncio.to_thread(as_history, nodes_of(request))


@router.post("/rollback", responses={**_CHANGES, **problems(404)}, openapi_extra=json_body(RollbackRequest))
async def roll_back(request: Request) -> ChangeAnswer:
    """Go back to the generation before the last change, or to another one. Needs no network."""
    wanted = await read_model(request, RollbackRequest) if await request.body() else RollbackRequest()
    return as_done(await nodes_of(request).rollback(wanted.to), ChangeAnswer)


@router.delete("/{name}", responses={**_CHANGES, **problems(404)})
async def uninstall_node(request: Request, name: Name) -> UninstallAnswer:
    """Remove a node package. Its pipelines are unloaded before."""
    return as_done(await nodes_of(request).uninstall(name), UninstallAnswer)


@router.post("/{name}/reload", responses={**_CHANGES, **problems(404)})
async def reload_node(request: Request, name: Name) -> ReloadAnswer:
    """Use the edited code of a package that was installed in place. Loaded pipelines of it are loaded again."""
    return reloaded_answer(await nodes_of(request).reload(name))


@router.post("/{name}/disable", responses={**_CHANGES, **problems(404)})
async def disable_node(request: Request, name: Name) -> SwitchAnswer:
    """Switch a package off: it stays installed, but no worker imports it. Runs that go on finish with it."""
    return switched_answer(await nodes_of(request).disable(name))


@router.post("/{name}/enable", responses={**_CHANGES, **problems(404)})
async def enable_node(request: Request, name: Name) -> SwitchAnswer:
    """Switch a package on again: new runs have its nodes and pipelines."""
    return switched_answer(await nodes_of(request).enable(name))


async def _told(changes: Changes) -> AsyncIterator[bytes]:
    with changes.listening() as (last, listener):
        yield frame(last)
        while True:
            try:
                news = await asyncio.wait_for(listener.hear(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield _HEARTBEAT
            else:
                yield b"".join(frame(one) for one in news)
