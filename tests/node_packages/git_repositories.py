"""Git repositories made from projects, read as ``git+file://`` or over HTTP from loopback.

::

    repository = GitRepository(make_package(tmp_path, "scope-hello"))
    repository.file_url                      # git+file:///…/scope-hello
    commit = repository.commit({"scope_hello/__init__.py": "..."})
    server = GitServer(tmp_path)             # serves every repository below that folder (git http-backend)
    server.url_of(repository)                # http://127.0.0.1:…/scope-hello
"""

import os
import subprocess
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from package_project import write_files

_IDENTITY = ["-c", "user.name=Tester", "-c", "user.email=tester@example.invalid", "-c", "commit.gpgsign=false"]


class GitRepository:
    """A repository with a working tree; its first commit holds what is in the folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch", "main")
        self.head = self.commit({})

    @property
    def file_url(self) -> str:
        return f"git+{self.root.as_uri()}"

    def git(self, *arguments: str) -> str:
        """Run git in the repository and return what it prints, stripped."""
        command = ["git", *_IDENTITY, *arguments]
        return subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, files: Mapping[str, str], *, tag: str = "") -> str:
        """Write these files, commit everything, and return the commit (40 hexadecimal digits)."""
        write_files(self.root, files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        if tag:
            self.git("tag", tag)
        self.head = self.git("rev-parse", "HEAD")
        return self.head


class GitServer:
    """Serves the repositories below a folder over HTTP, as a hosting site does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requests: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url_of(self, repository: GitRepository) -> str:
        """The repository's address as a browser would show it (``git+`` before it makes it a requirement)."""
        return f"http://127.0.0.1:{self._server.server_port}/{repository.root.relative_to(self.folder).as_posix()}"

    def stop(self) -> None:
        """Stop listening. Harmless when it is stopped already."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[bytes, bytes]:
        """Head and body of what ``git http-backend``, a CGI program, answers."""
        where, _, query = path.partition("?")
        self.requests.append(path)
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": method,
            "PATH_INFO": where,
            "QUERY_STRING": query,
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": headers.get("Git-Protocol", ""),
        }
        command = ["git", "-c", "safe.directory=*", "http-backend"]
        output = subprocess.run(command, input=body, env=environment, check=True, capture_output=True).stdout
        head, _, rest = output.partition(b"\r\n\r\n")
        return head, rest

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet: what was asked for is in ``requests``."""

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                head, rest = server._answer(self.command, self.path, dict(self.headers.items()), body)
                fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
                self.send_response(int(fields.pop("Status", "200").split()[0]))
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

            do_POST = do_GET

        return Handler
