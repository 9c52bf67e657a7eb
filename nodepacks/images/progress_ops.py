"""What takes long with many images, and says how far it is."""

from pathlib import Path
from typing import Annotated, Literal

import batches
from pydantic import Field

import psynapse


@psynapse.node(cache=False)
class ConvertImages:
    """Make smaller copies of many image files, or copies of another kind, in a folder; passes on their paths."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self,
        paths: Annotated[list[Path], Field(strict=False)],
        folder: Path,
        longest_edge: Annotated[int, Field(ge=0, le=100_000, description="In pixels; 0 keeps the size")] = 1600,
        kind: Literal["jpg", "png", "webp"] = "jpg",
        quality: Annotated[int, Field(ge=1, le=100)] = 85,
        if_unreadable: Literal["error", "skip"] = "error",
    ) -> list[Path]:
        """Files of the same name are replaced in the folder, which is made if it is missing; originals stay."""
        options = batches.Options(longest_edge, kind, quality, skip=if_unreadable == "skip")
        return batches.converted(paths, folder, options, self._progress_reporter.update)
