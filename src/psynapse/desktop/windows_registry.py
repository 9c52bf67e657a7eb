"""The registry of Windows itself."""

import contextlib
import importlib
from typing import Any


class UserRegistry:
    """The current user's part of it. Only on Windows."""

    def __init__(self) -> None:
        self._winreg: Any = importlib.import_module("winreg")

    def set_value(self, key: str, name: str, value: str) -> None:
        """Make the key if it is not there, and give it a value. Raises OSError."""
        winreg = self._winreg
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
            winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, value)

    def delete_tree(self, key: str) -> bool:
        """Remove the key and all below it; whether it was there. Raises OSError."""
        winreg = self._winreg
        try:
            opened = winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_ALL_ACCESS)
        except FileNotFoundError:
            return False
        with opened, contextlib.suppress(OSError):
            # Each removal makes the next one the first; there is an end, which is an error.
            while True:
                self.delete_tree(rf"{key}\{winreg.EnumKey(opened, 0)}")
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        return True
