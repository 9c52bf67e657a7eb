"""What takes long over the web, and says how far it is."""

from pathlib import Path
from typing import Annotated, Any

import addresses
import downloading
import requesting
from pydantic import Field

import psynapse


@psynapse.node(cache=False)
class DownloadFile:
    """Save a file from the web and pass on its path; a folder as the path keeps the name from the address."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    async def __call__(
        self,
        url: str,
        path: Path,
        *,
        replace: bool = False,
        headers: Annotated[dict[Any, Any], Field(strict=False)] | None = None,
        seconds: Annotated[float, Field(gt=0, le=86_400, description="For the whole file")] = 600.0,
        max_bytes: Annotated[int, Field(ge=1, le=1_000_000_000_000)] = 2_000_000_000,
    ) -> Path:
        """Until it is complete, the file has another name; a download that breaks off leaves nothing behind."""
        request = requesting.Request("GET", addresses.checked(url), None, headers, None)
        limits = requesting.Limits(seconds, 0, max_bytes, accept_errors=False)
        return await downloading.saved(request, limits, path, self._progress_reporter.update, replace=replace)
