"""Where the window was and how large, remembered from one start to the next."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final

from psynapse.logs import logger

SMALLEST: Final = (640, 480)
_LARGEST: Final = 20_000
_MUST_SHOW: Final = 100
"""So many pixels of the window, both ways, are on a screen, else it could not be grabbed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowState:
    """The place of a window, in pixels; None for wherever the system puts it."""

    width: int = 1_280
    height: int = 800
    x: int | None = None
    y: int | None = None
    maximized: bool = False

    def fitted(self, screens: Iterable[Area]) -> "WindowState":
        """As it is, unless it would be on none of the screens: one may have been taken away."""
        if self.x is None or self.y is None or any(self._shows_on(screen) for screen in screens):
            return self
        return replace(self, x=None, y=None)

    def _shows_on(self, screen: Area) -> bool:
        assert self.x is not None
        assert self.y is not None
        across = min(self.x + self.width, screen.x + screen.width) - max(self.x, screen.x)
        # The upper edge is what a window is grabbed by.
        above = screen.y <= self.y <= screen.y + screen.height - _MUST_SHOW
        return across >= _MUST_SHOW and above


def load_state(path: Path) -> WindowState:
    """What was saved there, or the default where that is not to be had."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        given = {field.name: said[field.name] for field in fields(WindowState)}
    except (OSError, ValueError, KeyError, TypeError):
        return WindowState()
    return WindowState(**given) if _is_sound(given) else WindowState()


def save_state(path: Path, state: WindowState) -> None:
    """Keep it for the next start. A folder that cannot be written to loses it."""
    try:
        draft = path.with_name(f"{path.name}.new")
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        logger.warning("where the window is cannot be remembered: %s", error)


def _is_sound(given: Mapping[str, object]) -> bool:
    width, height, places = given["width"], given["height"], (given["x"], given["y"])
    return (
        isinstance(given["maximized"], bool)
        and _is_pixels(width, SMALLEST[0])
        and _is_pixels(height, SMALLEST[1])
        and all(place is None or _is_pixels(place, -_LARGEST) for place in places)
    )


def _is_pixels(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= _LARGEST
