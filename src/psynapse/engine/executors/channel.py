"""What an executor and its children say to each other, and how it gets over the socket."""

import array
import pickle
import socket
import struct
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias, cast

from psynapse.engine.executors.shared_memory import Packed
from psynapse.engine.failures import message_of
from psynapse.model.events import TaskOutput, TaskProgress, TaskStreamed
from psynapse.model.guarded import Raised, outcome
from psynapse.model.operation import Address

_HEADER: Final = struct.Struct("<IB")
_LONGEST: Final = 1 << 30
_MOST_DESCRIPTORS: Final = 253  # the kernel's limit for one message
_CLOSE_ON_EXEC: Final = int(getattr(socket, "MSG_CMSG_CLOEXEC", 0))

USE_THREAD: Final = 'pass data that pickle can carry, or use @psynapse.node(executor="thread")'

NewSegments: TypeAlias = tuple[tuple[int, int], ...]
"""Number and size of segments whose descriptors come with the message."""


class Hello(NamedTuple):
    """The first thing a child hears: where modules are."""

    path: list[str]
    nodepack_roots: list[str]


class Start(NamedTuple):
    """Carry out a call. ``forget`` are segments that do not exist any more."""

    address: Address
    is_class: bool
    is_async: bool
    arguments: Packed
    new: NewSegments
    forget: tuple[int, ...]


class Wanted(NamedTuple):
    """The child needs a segment for its result."""

    size: int


class Granted(NamedTuple):
    """The segment it may use; ``problem`` says why there is none."""

    segment: int = 0
    fresh: bool = False
    new: NewSegments = ()
    problem: str = ""


class Succeeded(NamedTuple):
    """The call returned."""

    value: Packed


class Failed(NamedTuple):
    """The call raised. ``error`` is None when the exception cannot be pickled."""

    error: Packed | None
    type_name: str
    message: str
    traceback: str


class Begun(NamedTuple):
    """The child has taken the call up: from now on its death is the call's."""


class Idle(NamedTuple):
    """The child is ready for another call, and done with segments it was given so many times."""

    released: tuple[tuple[int, int], ...]


Message: TypeAlias = (
    Hello | Start | Begun | Wanted | Granted | Succeeded | Failed | Idle | TaskProgress | TaskStreamed | TaskOutput
)


class Garbled(Exception):
    """What came is no message: something else wrote to the socket."""


class Channel:
    """One end of the socket. Any thread may send; one thread receives."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self._sending = threading.Lock()
        self._bytes = bytearray()
        self._descriptors: deque[int] = deque()
        self._ancillary = socket.CMSG_SPACE(_MOST_DESCRIPTORS * array.array("i").itemsize)

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Send a message, and open files with it. Raises OSError when the other side is gone."""
        body = pickle.dumps(message, protocol=5)
        data = _HEADER.pack(len(body), len(descriptors)) + body
        with self._sending:
            if descriptors:
                sent = socket.send_fds(self.socket, [data], list(descriptors))
                data = data[sent:]
            self.socket.sendall(data)

    def receive(self, *, wait: bool = True) -> tuple[Message, list[int]] | None:
        """The next message and the descriptors of its files; None if it is not there yet and ``wait`` is off.

        Raises EOFError and OSError when the other side is gone, Garbled when what comes is no message.
        """
        while (found := self._parse()) is None:
            if not self._read(0 if wait else socket.MSG_DONTWAIT):
                return None
        return found

    def close(self) -> None:
        """Close this end, and files that came but were not taken."""
        self.socket.close()
        _close_all(self._descriptors)

    def _read(self, flags: int) -> bool:
        try:
            data, ancillary, _, _ = self.socket.recvmsg(1 << 16, self._ancillary, flags | _CLOSE_ON_EXEC)
        except BlockingIOError:
            return False
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                self._descriptors.extend(_integers(content))
        if not data:
            raise EOFError
        self._bytes += data
        return True

    def _parse(self) -> tuple[Message, list[int]] | None:
        if len(self._bytes) < _HEADER.size:
            return None
        length, count = _HEADER.unpack_from(self._bytes)
        if length > _LONGEST or count > len(self._descriptors):
            raise Garbled
        end = _HEADER.size + length
        if len(self._bytes) < end:
            return None
        body = bytes(self._bytes[_HEADER.size : end])
        del self._bytes[:end]
        return _unpickle(body), [self._descriptors.popleft() for _ in range(count)]


def _unpickle(body: bytes) -> Message:
    message = outcome(pickle.loads, body)
    if isinstance(message, Raised):
        raise Garbled from message.error
    return cast("Message", message)


def _integers(content: bytes) -> "array.array[int]":
    numbers = array.array("i")
    numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    return numbers


def _close_all(descriptors: Iterable[int]) -> None:
    for descriptor in descriptors:
        socket.close(descriptor)


def why_unsendable(name: str, args: Sequence[object], kwargs: Mapping[str, object], problem: BaseException) -> str:
    """A sentence about the first argument of the function ``name`` that cannot be pickled, or about ``problem``."""
    named = [(f"argument {number}", value) for number, value in enumerate(args, 1)]
    for argument, value in [*named, *((f"argument {key!r}", value) for key, value in kwargs.items())]:
        pickled = outcome(pickle.dumps, value, protocol=5, buffer_callback=lambda _: None)
        if isinstance(pickled, Raised):
            kind, reason = type(value).__qualname__, message_of(pickled.error)
            return f"{argument} of {name!r}, a {kind}, cannot be sent to another process: {reason}"
    return f"the arguments of {name!r} cannot be sent to another process: {problem}"
