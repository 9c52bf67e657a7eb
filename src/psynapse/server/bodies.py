"""Request bodies: read, parsed and checked without keeping others waiting."""

import asyncio
import contextlib
import fcntl
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from psynapse.model.ids import Json
from psynapse.model.workflow import kind_of
from psynapse.server import shrink
from psynapse.server.errors import BodyTooLarge, InvalidRequest, NotJson, invalid
from psynapse.server.parsing import parse
from psynapse.server.state import state_of

LARGE: Final = 1 << 20
LARGEST: Final = 256 << 20
Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request) -> Json:
    """The body, parsed. Raises InvalidRequest, BodyTooLarge and NotJson.

    Large ones go through another process, which leaves out what no workflow needs.
    """
    return await _parsed(await _read(request))


async def read_model(request: Request, model: type[Model]) -> Model:
    """The body as ``model``. Raises as ``read_json`` does, with a JSON pointer for everything that is wrong."""
    return _validated(await read_json(request), model)


async def read_unless_known(
    request: Request, model: type[Model], known: Callable[[bytes], bool]
) -> tuple[Model | None, bytes]:
    """The body as ``model``, and a digest of its bytes; None for a body that ``known`` knows by its digest.

    Parsing is much of what a graph costs that was run before. Raises as ``read_model`` does.
    """
    body = await _read(request)
    digest = sha256(body).digest() if len(body) <= LARGE else b""
    return None if digest and known(digest) else _validated(await _parsed(body), model), digest


async def _read(request: Request) -> bytes:
    """The bytes of the body, or of what is left of a large one."""
    if "multipart" in request.headers.get("content-type", ""):
        raise NotJson("this route takes no files", hint="send JSON with Content-Type: application/json")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST:
        raise _too_large()
    chunks = _limited(request.stream())
    head = bytearray()
    async for chunk in chunks:
        head += chunk
        if len(head) > LARGE:
            return await _read_large(request, bytes(head), chunks)
    return bytes(head)


async def _parsed(body: bytes) -> Json:
    if len(body) <= LARGE:
        return _parse(body)
    # Data in nodes. A thread lets others in only now and then, but such bodies are mostly long strings.
    return await asyncio.to_thread(_parse, body)


def _validated(body: Json, model: type[Model]) -> Model:
    if not isinstance(body, dict):
        raise _unusable(f"the body is {kind_of(body)}, not an object")
    try:
        return model.model_validate(body, strict=True)
    except ValidationError as error:
        raise invalid(error, "body") from error


def _parse(body: bytes) -> Json:
    try:
        return parse(body)
    except ValueError as error:
        raise _unusable(str(error)) from error


def _unusable(message: str) -> InvalidRequest:
    return InvalidRequest(message, errors=[{"pointer": "", "detail": message}], hint="send a JSON object")


async def _limited(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > LARGEST:
            raise _too_large()
        yield chunk


def _too_large() -> BodyTooLarge:
    message = f"the body has more than {LARGEST >> 20} MiB"
    return BodyTooLarge(message, hint="pass large values by file name or address")


async def _read_large(request: Request, head: bytes, rest: AsyncIterator[bytes]) -> bytes:
    """What is left of a large body. The process that looks at it starts and listens while it still arrives."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", shrink.__name__), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        answer = await _shrunk(process, head, rest, state_of(request).large_bodies)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if answer[:1] != shrink.GOOD:
        raise _unusable(answer[1:].decode() or "the body could not be read: there is not enough memory")
    return answer[1:]


async def _shrunk(process: Process, head: bytes, rest: AsyncIterator[bytes], turn: asyncio.Semaphore) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    _widen(process.stdin)
    # When it ends early, its answer says why, or that there is none.
    with contextlib.suppress(ConnectionError):
        process.stdin.write(head)
        async for chunk in rest:
            process.stdin.write(chunk)
            await process.stdin.drain()
    # One large body takes up to ten times its size while it is parsed, which begins when it has ended.
    async with turn:
        process.stdin.close()
        answer = await process.stdout.read()
    await process.wait()
    return answer


def _widen(pipe: asyncio.StreamWriter) -> None:
    """Room for a few chunks, so that writing one seldom has to wait and be cut in two (Linux)."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe.get_extra_info("pipe").fileno(), fcntl.F_SETPIPE_SZ, LARGE)
