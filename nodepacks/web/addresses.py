"""Web addresses, with errors that say what is wrong with them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit, urlunsplit

_SAFE = "%/:=&?~+!$,;'@()*[]#"


def checked(url: str) -> str:
    """The address as a request takes it: spaces and umlauts encoded. Raises ValueError."""
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{_shown(url)!r} is not a web address; it begins with https:// or http://")
    if parts.username is not None:
        raise ValueError("the address holds a user name or password; send them in an Authorization header instead")
    return quote(url.strip(), safe=_SAFE)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{_shown(url)!r} is not a web address: {error}") from None
    return parts


def _shown(url: str) -> str:
    """Without what is behind the ``?``, which may be secret."""
    return url.partition("?")[0][:200]


def built(base: str, path: str, query: Mapping[Any, Any]) -> str:
    """The address. Raises ValueError."""
    parts = _split(checked(base))
    whole = f"{parts.path.rstrip('/')}/{quote(path.lstrip('/'))}" if path else parts.path
    given = urlencode({str(name): value for name, value in query.items() if value is not None}, doseq=True)
    both = "&".join(part for part in (parts.query, given) if part)
    return urlunsplit((parts.scheme, parts.netloc, whole, both, parts.fragment))


def parts(url: str) -> dict[str, Any]:
    """The parts by name. Raises ValueError."""
    found = _split(url)
    query = {name: values[0] if len(values) == 1 else values for name, values in parse_qs(found.query, True).items()}
    host = found.hostname or ""
    return {
        "scheme": found.scheme,
        "host": host,
        "port": found.port or {"http": 80, "https": 443}.get(found.scheme, 0),
        "path": found.path,
        "query": query,
        "fragment": found.fragment,
    }
