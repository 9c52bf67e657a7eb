"""Running somebody else's program: what it prints, line by line, and its end, also before its time."""

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.worker.variables import MARK

Listener = Callable[[str], None]
"""Hears each line of a program's standard error, without its end."""

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
# What has left the group may keep the pipes open (an ssh that stays for the next connection); it is not waited for.
_DRAIN_SECONDS: Final = 2.0
_KEPT_BYTES: Final = 1 << 20
_CHUNK_BYTES: Final = 1 << 16
_CREDENTIALS: Final = re.compile(r"(?<=://)[^/@\s'\"`]+(?=@)")
# Loaded before any fork: the child must not import or look anything up.
_libc = ctypes.CDLL(None)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: a signal) and the last of what it printed, at most 1 MiB each."""

    exit_code: int
    stdout: str
    stderr: str


def ignore_line(line: str) -> None:
    """Nobody listens."""


def without_credentials(text: str) -> str:
    """The text with ``***`` for user names and passwords in addresses, except for the ``git`` of SSH addresses."""
    return _CREDENTIALS.sub(lambda found: "git" if found[0] == "git" else "***", text)


async def run_program(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    on_line: Listener = ignore_line,
    keep_open: Sequence[int] = (),
) -> Ended:
    """Run a program to its end, in a process group of its own and without standard input.

    Cancelling kills the group, and waits until it is dead, before the cancellation goes on. On Linux the program dies
    with this process too, and with the mark of workers in ``env`` all that it has started. Raises OSError when it
    cannot be started.
    """
    async with _pipe() as (printed, stdout), _pipe() as (said, stderr):
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=env,
                cwd=cwd,
                stdin=DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                pass_fds=tuple(keep_open),
                # With a function the whole memory of this process is copied for it, page by page.
                preexec_fn=None if MARK in env else _dying_with(os.getpid()),
            )
        finally:
            os.close(stdout)
            os.close(stderr)
        try:
            return await _follow(process, printed, said, on_line)
        finally:
            await _make_sure_it_ended(process)


@contextlib.asynccontextmanager
async def _pipe() -> AsyncGenerator[tuple[asyncio.StreamReader, int]]:
    """A stream, and the descriptor of what is written to it, which is the caller's to close.

    With pipes of its own asyncio takes a program for running until everything that inherited them has ended.
    """
    reading, writing = os.pipe()
    stream = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    connecting = loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reading, "rb"))
    transport, _ = await connecting
    try:
        yield stream, writing
    finally:
        transport.close()


def _dying_with(parent: int) -> Callable[[], None] | None:
    """What the child does first, where the system can."""
    if sys.platform != "linux":
        return None
    prctl = _libc.prctl

    def die_with_parent() -> None:
        prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return die_with_parent


async def _follow(
    process: Process, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader, on_line: Listener
) -> Ended:
    printed, said = bytearray(), bytearray()
    readers = [
        asyncio.create_task(_read(stdout, printed, ignore_line)),
        asyncio.create_task(_read(stderr, said, on_line)),
    ]
    try:
        exit_code = await process.wait()
        _kill_group(process)
        await asyncio.wait(readers, timeout=_DRAIN_SECONDS)
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    return Ended(exit_code, printed.decode(errors="replace"), without_credentials(said.decode(errors="replace")))


async def _read(stream: asyncio.StreamReader, kept: bytearray, on_line: Listener) -> None:
    """Keep what arrives, the newest if it is much, and tell its lines."""
    unfinished = b""
    while chunk := await stream.read(_CHUNK_BYTES):
        kept += chunk
        del kept[:-_KEPT_BYTES]
        *lines, unfinished = (unfinished + chunk).split(b"\n")
        for line in lines:
            on_line(without_credentials(line.decode(errors="replace").rstrip()))
    if unfinished:
        on_line(without_credentials(unfinished.decode(errors="replace").rstrip()))


async def _make_sure_it_ended(process: Process) -> None:
    _kill_group(process)
    await asyncio.shield(process.wait())


def _kill_group(process: Process) -> None:
    """Kill the program, if it was cancelled, and what one that ended has left running."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
