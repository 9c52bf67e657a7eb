"""Whether a server answers."""

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from psynapse.desktop.health import boot_id_at


@contextmanager
def answering(answer: bytes) -> Generator[int]:
    """The port of a server that says this to the first who asks."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_a_server_that_answers_is_known_by_its_boot_id():
    with answering(http(json.dumps({"status": "healthy", "boot_id": "abc"}).encode())) as port:
        assert boot_id_at(port) == "abc"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        http(b"<html>"),
        http(b"[]"),
        http(b'{"status": "healthy"}'),
        http(b'{"status": "healthy", "boot_id": 7}'),
        http(b'{"status": "ill", "boot_id": "abc"}'),
        http(b"\xff\xfe"),
        http(b"[" * 10_000),
    ],
)
def test_whatever_else_is_there_is_no_server(answer: bytes):
    with answering(answer) as port:
        assert boot_id_at(port) == ""


def test_a_port_where_nobody_listens_is_no_server():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert boot_id_at(port) == ""
