"""Links that lead from anywhere into the app. They come from any web page: they pre-fill a form and do nothing else."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from psynapse.desktop.errors import BadDeepLink
from psynapse.environments.errors import BadRequirement
from psynapse.environments.requirement import parse_requirement
from psynapse.logs import logger
from psynapse.model.ids import Json

SCHEME: Final = "daydream-scope"
ACTIONS: Final = frozenset({"install-node", "install-plugin"})
LONGEST_LINK: Final = 2_048
MOST_PENDING: Final = 16
_JUST_NOW: Final = 10.0
"""Seconds. A page that goes within so long after it took a link may not have shown it."""
_EXAMPLE: Final = f"{SCHEME}://install-node?package=my-node"


@dataclass(frozen=True, slots=True)
class InstallLink:
    """A wish to install a node package, which somebody has to confirm. ``package`` is the text for the form."""

    package: str

    def to_json(self) -> dict[str, Json]:
        """As pages get it."""
        return {"action": "install-node", "package": self.package}


def parse_link(link: str) -> InstallLink:
    """What a link asks for. Raises BadDeepLink for what the app's form should not even be filled with."""
    if len(link) > LONGEST_LINK:
        raise BadDeepLink(f"the link has more than {LONGEST_LINK:,} characters", hint="check where it comes from")
    # Some splitting would quietly drop what is not printable.
    if not link.isprintable() or " " in link:
        raise BadDeepLink("the link holds characters that no link has", hint="check where it comes from")
    try:
        parts = urlsplit(link)
    except ValueError:
        raise BadDeepLink("the link cannot be read", hint=f"links look like {_EXAMPLE}") from None
    if parts.scheme != SCHEME or parts.netloc.lower() not in ACTIONS or parts.path not in {"", "/"} or parts.fragment:
        raise BadDeepLink("the link is none that this app knows", hint=f"links look like {_EXAMPLE}")
    return InstallLink(_package(parts.query))


def _package(query: str) -> str:
    given = [value for name, _, value in (part.partition("=") for part in query.split("&")) if name == "package"]
    if len(given) != 1:
        raise BadDeepLink("the link does not name one package", hint=f"links look like {_EXAMPLE}")
    try:
        # A plus is a plus: this is percent-encoding, as the documents have it, not a form's.
        package = unquote(given[0], errors="strict").strip()
        asked = parse_requirement(package)
    except UnicodeDecodeError:
        raise BadDeepLink("the link's package is not percent-encoded UTF-8", hint=f"such as {_EXAMPLE}") from None
    except BadRequirement as error:
        raise BadDeepLink(f"the link's package cannot be installed: {error.message}", hint=error.hint) from None
    if asked.source == "local" or asked.url.startswith("file:"):
        # A web page can put files into the folder for downloads; that is not to become one click away from running.
        hint = "type the path into the form if you trust what is there"
        raise BadDeepLink("the link names something on this machine", hint=hint)
    return package


class PendingLinks:
    """Links that wait for the page to take them, each once; the newest few when there are too many."""

    def __init__(self) -> None:
        self._links: deque[InstallLink] = deque(maxlen=MOST_PENDING)
        self._taken: deque[tuple[float, InstallLink]] = deque(maxlen=MOST_PENDING)
        self._lock = threading.Lock()

    def add(self, link: InstallLink) -> None:
        """Keep a link; one that waits already comes last."""
        logger.info("a link asks for %s", link.package)
        with self._lock:
            if link in self._links:
                self._links.remove(link)
            self._links.append(link)

    def take(self) -> tuple[InstallLink, ...]:
        """All of them, oldest first. Nobody else gets them then."""
        with self._lock:
            links = tuple(self._links)
            self._links.clear()
            self._taken.extend((time.monotonic(), link) for link in links)
            return links

    def take_back(self) -> None:
        """Another page is shown: what the one before took just now waits again, before what has come since."""
        with self._lock:
            earliest = time.monotonic() - _JUST_NOW
            again = [link for at, link in self._taken if at > earliest and link not in self._links]
            self._taken.clear()
            self._links = deque([*dict.fromkeys(again), *self._links], maxlen=MOST_PENDING)
