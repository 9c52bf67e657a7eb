"""The file that says which generation is current, and which were before it. Replacing it is the only commit point."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psynapse.environments.durable import write_durably

POINTER: Final = "current"
_REMEMBERED: Final = 50


@dataclass(frozen=True, slots=True)
class Pointer:
    """Numbers of generations: the current one, and those that were current before it, the last one first."""

    current: int = 0
    before: tuple[int, ...] = ()

    def moved_to(self, number: int) -> "Pointer":
        """The pointer after another generation, or the same again, became current."""
        if number == self.current:
            return self
        earlier = (one for one in self.before if one not in {number, self.current})
        return Pointer(number, (self.current, *earlier)[:_REMEMBERED])

    @property
    def ever_current(self) -> tuple[int, ...]:
        """All of them without repetition, the current one first."""
        return tuple(dict.fromkeys((self.current, *self.before)))


def read_pointer(folder: Path) -> Pointer | None:
    """What the file says; None when it is missing, empty or something else. Raises OSError."""
    try:
        numbers = [int(line) for line in (folder / POINTER).read_text(encoding="ascii").split()]
    except (FileNotFoundError, ValueError):
        return None
    return Pointer(numbers[0], tuple(numbers[1:])) if numbers and min(numbers) >= 0 else None


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Replace the file at once: whoever reads it sees the old or the new. Raises OSError; it is the old one then."""
    write_durably(folder / POINTER, "".join(f"{number}\n" for number in (pointer.current, *pointer.before)))
