"""A generation: one overlay of node packages, what is in it and what it was made for. And its manifest."""

import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from psynapse.environments.locked import Locked
from psynapse.environments.overlay import Overlay
from psynapse.environments.requirement import Requirement

MANIFEST: Final = "psynapse.json"
"""The file that makes a folder a generation; it is written last."""
IN_USE: Final = "in-use"
"""The file of a generation that whoever uses it holds locked, shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One overlay on the base. ``id`` 0 is the base alone, which has no folder.

    ``parent`` is what it was made from, ``requirements`` what was asked for, ``locked`` all it holds. ``base`` and
    ``closure`` are fingerprints: of the whole base it was made on, and of the part that it needs, which ``relies_on``
    lists as (name, version). ``python`` is the path of its interpreter, ``created_at`` a time as ISO 8601 has it.
    ``merged``: base and overlay are one folder.
    """

    id: int
    parent: int = 0
    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] = ()
    base: str = ""
    closure: str = ""
    relies_on: tuple[tuple[str, str], ...] = ()
    python: str = sys.executable
    summary: str = ""
    created_at: str = ""
    merged: bool = False

    def own_site(self, folder: Path) -> Path | None:
        """Where in its folder it has packages on top of the base of this Python; None when it is not on top of that."""
        site = Overlay(folder, f"{sys.version_info.major}.{sys.version_info.minor}").site
        return site if not self.merged and site.is_dir() else None


BASE_ALONE: Final = Generation(id=0, summary="no node packages")
"""What there is before anything was installed."""


def write_manifest(generation: Generation) -> str:
    """The text of a generation's manifest."""
    return _manifests().dump_json(generation, indent=1).decode() + "\n"


def read_manifest(text: bytes) -> Generation:
    """The generation of a manifest. Raises ValueError when it is none; what later versions add is left out."""
    return _manifests().validate_json(text)


@cache
def _manifests() -> TypeAdapter[Generation]:
    """Made when it is first needed: a start without node packages does without."""
    return TypeAdapter(Generation)
