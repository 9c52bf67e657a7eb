"""What no page of the editor may do: log an error, break its own security policy, or talk to anybody else."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_LOCAL_SCHEMES = {"data", "blob", "about"}

# What a browser says of a server that goes away, before it answers or in the middle of an answer of known length.
AWAY = (
    r"ERR_(CONNECTION_REFUSED|CONNECTION_RESET|CONTENT_LENGTH_MISMATCH|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING"
    r"|NETWORK_CHANGED)"
)


class PageWatch:
    """Watches every page of the browser profiles it follows, workers included; ``check`` fails on what it has seen."""

    def __init__(self, origin: str) -> None:
        self._origin = urlsplit(origin).netloc
        self._allowed: list[re.Pattern[str]] = []
        self._seen: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def allow(self, pattern: str) -> None:
        """Errors with these words are part of the test, such as those of a server that was killed."""
        self._allowed.append(re.compile(pattern))

    def check(self) -> None:
        bad = [line for line in self._seen if not any(allowed.search(line) for allowed in self._allowed)]
        assert not bad, "\n".join(bad)

    def _console(self, message: ConsoleMessage) -> None:
        # Violations of the security policy are among the errors.
        if message.type in {"error", "warning"}:
            self._seen.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self._seen.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _LOCAL_SCHEMES and parts.netloc != self._origin:
            self._seen.append(f"request to another origin: {request.url}")
