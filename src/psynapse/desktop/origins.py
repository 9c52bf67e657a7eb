"""Which page an address leads to: ours, another one, or none that a browser should be handed."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

LONGEST_ADDRESS: Final = 2_048
OWN_ORIGIN: Final = "http://app.psynapse.invalid:80"
"""Where pages that the app itself makes seem to come from: a name that RFC 6761 keeps from ever leading anywhere."""
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """``scheme://host:port`` of a web address, in lower case; empty for anything else."""
    parts = _split(address)
    if parts is None:
        return ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or _DEFAULT_PORTS[parts.scheme]}"


def is_web_address(address: str) -> bool:
    """Whether a browser may be handed this: http or https, printable, without credentials in it."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or any(c in address for c in " \\"):
        return False
    parts = _split(address)
    return parts is not None and "@" not in parts.netloc


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if usable else None
