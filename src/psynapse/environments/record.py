"""What a distribution's record names: https://packaging.python.org/specifications/recording-installed-packages."""

import csv
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import PurePath


def recorded_files(distribution: Distribution) -> Iterator[tuple[PurePath, str]]:
    """The files that the record names, relative to where it is installed, with their hashes; none without a record.

    Not from ``Distribution.files``: from Python 3.12 on that leaves out what is missing, which is what is looked for.
    """
    for name, *rest in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        yield PurePath(name), rest[0] if rest else ""
