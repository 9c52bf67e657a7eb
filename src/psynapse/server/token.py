"""The secret that a client has to know unless it is plainly local."""

import os
import secrets
from pathlib import Path

from psynapse.logs import logger
from psynapse.logs.redaction import hide
from psynapse.settings import Settings


def server_token(settings: Settings) -> str:
    """The token that was set, else the one made for this data directory: a restart does not lock out an open page."""
    token = settings.token.value or _kept_token(settings.data_dir.value / "token")
    hide(token)
    return token


def _kept_token(path: Path) -> str:
    made = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _create(path, made)
        return path.read_text(encoding="ascii").strip() or made
    except (OSError, UnicodeDecodeError):
        logger.warning("%s cannot be used; the token changes with every start", path)
        return made


def _create(path: Path, token: str) -> None:
    """Write the file unless it exists. Several processes may start at once: none of them ever sees half of it."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(token)
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
