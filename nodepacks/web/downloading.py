"""Files from the web, whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from requesting import Again, Limits, Request, bounded, opened

Report = Callable[[float, float, str], None]


async def saved(request: Request, limits: Limits, path: Path, report: Report, *, replace: bool) -> Path:
    """Where the file is. Raises OSError, or ValueError when it is larger than allowed."""
    target = _target(path, request.url, replace=replace)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".download-")
    unfinished = Path(name)
    try:
        await _written(request, limits, handle, report)
        return _in_place(unfinished, target)
    except Again as again:
        raise again.error from None
    finally:
        unfinished.unlink(missing_ok=True)  # noqa: ASYNC240 -- as quick as the loop's own work


def _in_place(unfinished: Path, target: Path) -> Path:
    # Temporary files are made for the user only.
    mask = os.umask(0)
    os.umask(mask)
    unfinished.chmod(0o666 & ~mask)
    return unfinished.replace(target)


def _target(path: Path, url: str, *, replace: bool) -> Path:
    target = _named(path.expanduser(), url)
    if target.exists() and not replace:
        raise FileExistsError(f"there is a {target} already; choose another path, or switch replace on")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {target.parent}; make it first, or check the path")
    return target


def _named(path: Path, url: str) -> Path:
    if not path.is_dir():
        return path
    name = Path(unquote(urlsplit(url).path)).name
    if not name or name in (".", ".."):
        raise ValueError(f"the address has no file name, so give the path of a file in {path}")
    return path / name


async def _written(request: Request, limits: Limits, handle: int, report: Report) -> None:
    done = 0
    with os.fdopen(handle, "wb") as file:
        async with opened(request, limits) as response:
            size = int(response.headers.get("content-length", "0") or 0)
            async for part in bounded(response, limits.max_bytes):
                file.write(part)
                done += len(part)
                report(done, size, f"{done:,} of {size:,} bytes" if size else f"{done:,} bytes")
