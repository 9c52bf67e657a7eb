r"""The app as what opens its links on Windows: keys below ``HKEY_CURRENT_USER\Software\Classes``."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from psynapse.desktop.deep_links import SCHEME

ROOT: Final = rf"Software\Classes\{SCHEME}"


class Registry(Protocol):
    """The current user's part of the registry."""

    def set_value(self, key: str, name: str, value: str) -> None:
        """Make the key if it is not there, and give it a value; the empty name is the key's own."""

    def delete_tree(self, key: str) -> bool:
        """Remove the key and all below it; whether it was there."""
        ...


def register(registry: Registry, command: Sequence[str], icon: Path | None) -> tuple[str, ...]:
    """Have links opened by the program that ``command`` starts; the keys that were written."""
    opens = rf"{ROOT}\shell\open\command"
    registry.set_value(ROOT, "", "URL:Psynapse")
    registry.set_value(ROOT, "URL Protocol", "")
    # The link is quoted by hand: list2cmdline would leave out quotes that only its absence of spaces makes needless.
    registry.set_value(opens, "", f'{subprocess.list2cmdline(command)} "%1"')
    if icon is None:
        return ROOT, opens
    registry.set_value(rf"{ROOT}\DefaultIcon", "", str(icon))
    return ROOT, opens, rf"{ROOT}\DefaultIcon"


def unregister(registry: Registry) -> tuple[str, ...]:
    """Remove all that ``register`` wrote; the keys that were there."""
    return (ROOT,) if registry.delete_tree(ROOT) else ()
