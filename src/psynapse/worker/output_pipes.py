"""What a worker process writes to its standard output and error, read at the server's end so that it never waits."""

import array
import asyncio
import fcntl
import termios
import time
from typing import IO, Final

from psynapse.model.events import OutputStream
from psynapse.worker.process import OutputListener

_CHUNK: Final = 65_536
_SETTLE_SECONDS: Final = 0.1


class OutputPipes:
    """Both pipes of a process; ``listener`` hears what comes, if there is one."""

    def __init__(self, listener: OutputListener | None = None) -> None:
        self.listener = listener
        self._pipes: list[asyncio.ReadTransport] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, pipes: dict[OutputStream, IO[bytes]]) -> None:
        """Read from these from now on."""
        for stream, pipe in pipes.items():
            reader = asyncio.StreamReader(limit=_CHUNK)
            protocol = asyncio.StreamReaderProtocol(reader)
            transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda one=protocol: one, pipe)
            self._pipes.append(transport)
            self._tasks.append(asyncio.create_task(self._pump(stream, reader)))

    async def settle(self) -> None:
        """Wait until what was written so far was read, but not for long: the process may be writing without end."""
        ends = time.monotonic() + _SETTLE_SECONDS
        while time.monotonic() < ends and any(  # noqa: ASYNC110 -- the kernel tells nobody when a pipe is empty
            _waiting_bytes(pipe) for pipe in self._pipes
        ):
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def close(self) -> None:
        """Read no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pipe in self._pipes:
            pipe.close()

    async def _pump(self, stream: OutputStream, reader: asyncio.StreamReader) -> None:
        while content := await reader.read(_CHUNK):
            if self.listener:
                self.listener(stream, content)


def _waiting_bytes(pipe: asyncio.ReadTransport) -> int:
    """How much lies in a pipe unread."""
    file = pipe.get_extra_info("pipe")
    if pipe.is_closing() or file is None:
        return 0
    count = array.array("i", [0])
    fcntl.ioctl(file.fileno(), termios.FIONREAD, count)
    return count[0]
