"""Request bodies: read, parsed and checked without keeping others waiting."""

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from psynapse.model.ids import Json
from psynapse.server import shrink
from psynapse.server.errors import BodyTooLarge, InvalidRequest, invalid
from psynapse.server.state import state_of

LARGE: Final = 1 << 20
LARGEST: Final = 256 << 20
Model = TypeVar("Model", bound=BaseModel)


async def read_json(request: Request) -> Json:
    """The body, parsed. Raises InvalidRequest and BodyTooLarge.

    Large ones go through another process, which leaves out what no workflow needs.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST:
        raise _too_large()
    chunks = _limited(request.stream())
    head = bytearray()
    async for chunk in chunks:
        head += chunk
        if len(head) > LARGE:
            return await _read_large(request, bytes(head), chunks)
    return _parse(bytes(head))


async def read_model(request: Request, model: type[Model]) -> Model:
    """The body as ``model``. Raises InvalidRequest, with a JSON pointer for everything that is wrong."""
    body = await read_json(request)
    try:
        return model.model_validate(body, strict=True)
    except ValidationError as error:
        raise invalid(error, "body") from error


def _parse(body: bytes) -> Json:
    try:
        return shrink.parse(body)
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


async def _read_large(request: Request, head: bytes, rest: AsyncIterator[bytes]) -> Json:
    with tempfile.TemporaryFile() as file:
        file.write(head)
        async for chunk in rest:
            file.write(chunk)
        file.seek(0)
        # One large body takes up to ten times its size while it is parsed.
        async with state_of(request).large_bodies:
            answer = await _shrunk(file)
    if answer[:1] != shrink.GOOD:
        raise _unusable(answer[1:].decode() or "the body could not be read: there is not enough memory")
    # Still large: data in nodes. A thread lets others in only now and then, but such bodies are mostly long strings.
    return await asyncio.to_thread(_parse, answer[1:])


async def _shrunk(file: IO[bytes]) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", shrink.__name__, stdin=file, stdout=asyncio.subprocess.PIPE
    )
    try:
        answer, _ = await process.communicate()
        return answer
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
