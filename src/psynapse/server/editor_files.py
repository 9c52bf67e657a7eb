"""The built editor's files, and how browsers are to treat them."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

INDEX_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the editor may load: nothing from other hosts, no script that is not a file of its own."""
_ONE_YEAR: Final = "public, max-age=31536000, immutable"
# Not from the machine's own table, in which a program may have written that scripts are plain text.
_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
_COMPRESSIBLE: Final = frozenset({".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt", ".wasm"})
_WORTH_IT: Final = 1_000


@dataclass(frozen=True, slots=True)
class EditorFile:
    """One file. ``gzipped`` is empty where that is no smaller."""

    content: bytes = field(repr=False)
    gzipped: bytes = field(repr=False)
    media_type: str

    @property
    def etag(self) -> str:
        """What tells its content from any other."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    def headers(self, accepted: str) -> dict[str, str]:
        """Headers for a client that accepts these encodings."""
        headers = {"Vary": "Accept-Encoding"} if self.gzipped else {}
        return {**headers, "Content-Encoding": "gzip"} if self._gzips(accepted) else headers

    def body(self, accepted: str) -> bytes:
        """The content for a client that accepts these encodings."""
        return self.gzipped if self._gzips(accepted) else self.content

    def _gzips(self, accepted: str) -> bool:
        return bool(self.gzipped) and "gzip" in accepted.lower()


class EditorFiles:
    """The editor in ``folder``, if it was built. Everything here blocks: call it in a thread."""

    asset_headers: Final[Mapping[str, str]] = {"Cache-Control": _ONE_YEAR}
    """The names of assets have a digest of their content: they never change."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def index(self) -> EditorFile | None:
        """The page itself, or None when the editor was not built."""
        return self._file(self._folder, "index.html")

    def icon(self) -> EditorFile | None:
        """The icon in the browser's tab."""
        return self._file(self._folder, "icon.svg")

    def asset(self, name: str) -> EditorFile | None:
        """A file that the page loads; None for what is none, wherever its name leads."""
        return self._file(self._folder / "assets", name)

    def _file(self, folder: Path, name: str) -> EditorFile | None:
        try:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder.resolve()) or not path.is_file():
                return None
            return _read(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):
            # Names that no file can have raise one or the other.
            return None


def editor_folder() -> Path:
    """Where the editor is when it was built."""
    return Path(__file__).resolve().parents[1] / "web"


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int) -> EditorFile:
    """A file as it was at that time; compressing it takes longer than sending it."""
    content, suffix = path.read_bytes(), path.suffix.lower()
    worth_it = suffix in _COMPRESSIBLE and len(content) >= _WORTH_IT
    gzipped = gzip.compress(content, 6, mtime=0) if worth_it else b""
    return EditorFile(content, gzipped, _TYPES.get(suffix, "application/octet-stream"))
