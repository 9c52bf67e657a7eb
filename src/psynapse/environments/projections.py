"""``nodes.txt``, ``resolved.txt``, ``freeze.txt``: the current generation as text, for people and other programs.

Nothing is read from them. They are where the node system's document has them and are written again when they differ.
"""

from pathlib import Path
from typing import Final

from psynapse.engine.private_files import written_whole
from psynapse.environments.generation import Generation

NODES: Final = "nodes.txt"
RESOLVED: Final = "resolved.txt"
FREEZE: Final = "freeze.txt"


def projections(current: Generation, before: Generation) -> dict[str, str]:
    """The texts by file name: what was asked for, what that takes, and what there was before the last change."""
    return {
        NODES: _lines(_asked_for(current)),
        RESOLVED: _lines([locked.line for locked in current.locked]),
        FREEZE: _lines([locked.line for locked in before.locked]),
    }


def stale_projections(folder: Path, texts: dict[str, str]) -> tuple[str, ...]:
    """Names of the files in ``folder`` that are missing or say something else."""
    return tuple(name for name, text in texts.items() if _read(folder / name) != text.encode())


def write_projections(folder: Path, texts: dict[str, str]) -> tuple[str, ...]:
    """Write those that are stale; returns their names. Raises OSError."""
    stale = stale_projections(folder, texts)
    for name in stale:
        # Not waiting for the disk: what is lost when the power fails is written again at the next start.
        with written_whole(folder / name) as file:
            file.write(texts[name].encode())
    return stale


def _asked_for(generation: Generation) -> list[str]:
    return [requirement.spec for requirement in generation.requirements]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
