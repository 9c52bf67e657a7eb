"""Keys and mouse, for pipelines that are steered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_uppercase, digits
from typing import Any, Final


def _no_keys() -> set[str]:
    return set()


@dataclass
class CtrlInput:
    """The keys that are pressed, by their W3C names (``KeyW``, ``Space``), and how far the mouse has moved."""

    button: set[str] = field(default_factory=_no_keys)
    mouse: tuple[float, float] = (0.0, 0.0)


def parse_ctrl_input(data: Mapping[str, Any]) -> CtrlInput:
    """The input that is written as ``{"button": ["KeyW"], "mouse": [0.0, 0.0]}``; either may be left out."""
    across, down = data.get("mouse") or (0.0, 0.0)
    return CtrlInput(set(data.get("button", ())), (float(across), float(down)))


_NAMED: Final = {
    "Backspace": 8,
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    "Space": 32,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "ShiftLeft": 160,
    "ShiftRight": 161,
    "ControlLeft": 162,
    "ControlRight": 163,
    "AltLeft": 164,
    "AltRight": 165,
    "MouseLeft": 1,
    "MouseRight": 2,
    "MouseMiddle": 4,
    "MouseBack": 5,
    "MouseForward": 6,
}
W3C_TO_WIN: Final[dict[str, int]] = {
    **{f"Key{letter}": ord(letter) for letter in ascii_uppercase},
    **{f"Digit{digit}": ord(digit) for digit in digits},
    **_NAMED,
}
"""Virtual key codes of Windows by W3C name."""


def convert_to_win_keycodes(ctrl_input: CtrlInput) -> set[int]:
    """The pressed keys as virtual key codes of Windows; those without one are left out."""
    return {W3C_TO_WIN[name] for name in ctrl_input.button if name in W3C_TO_WIN}
