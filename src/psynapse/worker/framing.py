"""Frames over a socket, for the worker's blocking end."""

import os
import socket
import threading

from psynapse.errors import WorkerError
from psynapse.worker.protocol import HEADER, LONGEST


class FrameSocket:
    """Sends and receives frames. Sending is safe from several threads."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._process = os.getpid()

    def send(self, kind: int, payload: bytes) -> None:
        """Send one frame. Raises OSError when the other end is gone, WorkerError when the frame is too long.

        In a process that a node has forked, which has come back from the node as its parent has, this is the end.
        """
        if os.getpid() != self._process:
            os._exit(0)
        if len(payload) > LONGEST:
            raise WorkerError(f"{len(payload):,} bytes are too many to send", hint="have the node return less")
        with self._sending:
            self._connection.sendall(HEADER.pack(len(payload), kind))
            self._connection.sendall(payload)

    def receive(self) -> tuple[int, bytes] | None:
        """The next frame, or None when the other end has closed."""
        head = self._exactly(HEADER.size)
        if head is None:
            return None
        length, kind = HEADER.unpack(head)
        if length > LONGEST:
            raise WorkerError(f"a frame of {length:,} bytes is longer than any there can be")
        payload = self._exactly(length)
        return None if payload is None else (kind, payload)

    def close(self) -> None:
        """Close the connection; a blocked ``receive`` ends."""
        self._connection.close()

    def _exactly(self, count: int) -> bytes | None:
        received = bytearray()
        while len(received) < count:
            part = self._connection.recv(min(count - len(received), 1 << 20))
            if not part:
                return None
            received += part
        return bytes(received)
