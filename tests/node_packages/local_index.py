"""A package index (PEP 503, with PEP 658 metadata) on loopback that can fail in the ways networks fail.

::

    index.add(build_wheel(project))
    index.behaviour = "vanish"               # serve | unavailable | hang | vanish (breaks off in the middle of files)
    index.may_be_cached = False
    index.requests                           # paths asked for so far
    index.asked.wait(10)                     # until somebody asks for the first
    index.stop()                             # from now on nobody listens
"""

import hashlib
import threading
import zipfile
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

Behaviour = Literal["serve", "unavailable", "hang", "vanish"]


def _package_of(path: Path) -> str:
    parsed = parse_wheel_filename(path.name) if path.suffix == ".whl" else parse_sdist_filename(path.name)
    return canonicalize_name(parsed[0])


def _metadata_of(wheel: Path) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return archive.read(name)


def _requires_python(metadata: bytes) -> str:
    lines = metadata.decode().splitlines()
    (wanted,) = [line.split(":", 1)[1].strip() for line in lines if line.startswith("Requires-Python:")] or [""]
    return wanted.replace("<", "&lt;").replace(">", "&gt;")


class LocalIndex:
    """The index: a server in threads of this process, and what it serves."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "serve"
        self.may_be_cached = True
        self.requests: list[str] = []
        self.asked = threading.Event()
        self._files: dict[str, bytes] = {}
        self._links: dict[str, dict[str, str]] = defaultdict(dict)
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/simple/"

    def file_url(self, path: Path) -> str:
        """The address of an added file itself: a direct-URL requirement."""
        return f"http://127.0.0.1:{self._server.server_port}/files/{path.name}"

    def environment(self) -> dict[str, str]:
        """What makes uv use this index, and no other, without waiting for what does not answer."""
        return {"UV_DEFAULT_INDEX": self.url, "UV_HTTP_RETRIES": "0", "UV_HTTP_TIMEOUT": "5"}

    def add(self, *paths: Path) -> None:
        """Offer wheels and source archives from now on."""
        for path in paths:
            content = path.read_bytes()
            attributes = ""
            if path.suffix == ".whl":
                metadata = _metadata_of(path)
                self._files[f"{path.name}.metadata"] = metadata
                attributes = f'data-core-metadata="sha256={hashlib.sha256(metadata).hexdigest()}"'
                if wanted := _requires_python(metadata):
                    attributes += f' data-requires-python="{wanted}"'
            self._files[path.name] = content
            link = f"/files/{path.name}#sha256={hashlib.sha256(content).hexdigest()}"
            self._links[_package_of(path)][path.name] = f'<a href="{link}" {attributes}>{path.name}</a><br>'

    def remove(self, path: Path) -> None:
        """Offer that file no longer."""
        del self._links[_package_of(path)][path.name]

    def stop(self) -> None:
        """Stop listening and let go of what hangs. Harmless when it is stopped already."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _page(self, path: str) -> bytes | None:
        match [part for part in unquote(path).split("/") if part]:
            case ["simple", name] if name in self._links:
                return f"<!DOCTYPE html><html><body>{''.join(self._links[name].values())}</body></html>".encode()
            case ["files", name]:
                return self._files.get(name)
            case _:
                return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        index = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet: what was asked for is in ``requests``."""

            def do_GET(self) -> None:
                index.requests.append(self.path)
                index.asked.set()
                if index.behaviour == "hang":
                    index._released.wait()
                page = None if index.behaviour == "unavailable" else index._page(self.path)
                self._answer(page, 503 if index.behaviour == "unavailable" else 404)

            do_HEAD = do_GET

            def _answer(self, page: bytes | None, otherwise: int) -> None:
                self.send_response(otherwise if page is None else 200)
                body = page or b""
                self.send_header("Content-Type", "text/html" if "/simple/" in self.path else "application/octet-stream")
                self.send_header("Content-Length", str(len(body)))
                if not index.may_be_cached:
                    self.send_header("Cache-Control", "no-store")
                self.end_headers()
                if index.behaviour == "vanish" and "/files/" in self.path:
                    body = body[: len(body) // 2]
                if self.command == "GET":
                    self.wfile.write(body)

        return Handler
