"""A look into the page of a window that another process shows, through the debugging port of its web engine."""

import base64
import json
import os
import socket
import struct
import urllib.request
from contextlib import closing
from typing import Any, BinaryIO
from urllib.parse import urlsplit

_TEXT_AT_ONCE = 0x81
_MASKED = 0x80
_LENGTH_IN_TWO_BYTES = 126
_LENGTH_IN_EIGHT_BYTES = 127


def evaluate(port: int, expression: str) -> Any:
    """What a script comes to in the page; None while there is none, or no editor in it."""
    address = _page_address(port)
    if not address:
        return None
    question = {"id": 1, "method": "Runtime.evaluate", "params": {"expression": expression, "returnByValue": True}}
    answer = _ask(address, json.dumps(question).encode())
    return answer["result"]["result"].get("value")


def _page_address(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=5) as answer:
            pages = json.load(answer)
    except OSError:
        return ""
    shown = [page["webSocketDebuggerUrl"] for page in pages if page["url"].startswith("http://127.0.0.1")]
    return shown[0] if shown else ""


def _ask(address: str, question: bytes) -> dict[str, Any]:
    parts = urlsplit(address)
    with closing(socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30)) as connection:
        _shake_hands(connection, parts.netloc, parts.path)
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(question))
        length = struct.pack("!BBH", _TEXT_AT_ONCE, _MASKED | _LENGTH_IN_TWO_BYTES, len(question))
        connection.sendall(length + mask + masked)
        with connection.makefile("rb") as stream:
            while True:
                said = json.loads(_message(stream))
                if said.get("id") == 1:
                    return said


def _shake_hands(connection: socket.socket, host: str, path: str) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    head = [
        f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
    ]  # fmt: skip
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        said += connection.recv(1)
    assert said.startswith(b"HTTP/1.1 101"), said


def _message(stream: BinaryIO) -> bytes:
    _, length = struct.unpack("!BB", stream.read(2))
    if length == _LENGTH_IN_TWO_BYTES:
        (length,) = struct.unpack("!H", stream.read(2))
    elif length == _LENGTH_IN_EIGHT_BYTES:
        (length,) = struct.unpack("!Q", stream.read(8))
    return stream.read(length)
