"""What takes long with many or large files, and says how far it is."""

from pathlib import Path
from typing import Annotated, Literal

import archives
import hashing
from pydantic import Field

import psynapse


@psynapse.node(cache=False)
class ZipFiles:
    """Pack files and folders into a new zip file and pass on its path."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self,
        paths: Annotated[list[Path], Field(strict=False)],
        target: Path,
        replace: bool = False,
        level: Annotated[int, Field(ge=0, le=9, description="0 packs fast, 9 packs small")] = 6,
    ) -> Path:
        """Files keep their names, folders everything in them. Until it is complete, the zip file has another name."""
        return archives.pack(paths, target, level, replace=replace, report=self._progress_reporter.update)


@psynapse.node(cache=False)
class UnzipFile:
    """Unpack a zip file into a folder and pass on the paths of what came out."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(
        self,
        path: Path,
        folder: Path,
        replace: bool = False,
        most_bytes: Annotated[int, Field(ge=1, le=1_000_000_000_000)] = 2_000_000_000,
    ) -> list[Path]:
        """Nothing is ever written outside the folder, and no more than ``most_bytes`` altogether."""
        return archives.unpack(path, folder, most_bytes, replace=replace, report=self._progress_reporter.update)


class HashFile:
    """The fingerprint of a file, as hexadecimal digits: files with the same one have the same content."""

    def __init__(self) -> None:
        self._progress_reporter = psynapse.ProgressReporter()

    def __call__(self, path: Path, method: Literal["sha256", "sha512", "sha1", "md5"] = "sha256") -> str:
        """The file is read piece by piece, so that it may be larger than the memory."""
        return hashing.fingerprint(path, method, self._progress_reporter.update)
