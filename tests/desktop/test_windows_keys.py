"""The keys that make Windows open the app's links. Against a registry in memory: there is no other here."""

from pathlib import Path

from psynapse.desktop import windows_keys
from psynapse.desktop.windows_keys import ROOT


class MemoryRegistry:
    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    def set_value(self, key: str, name: str, value: str) -> None:
        self.values[key, name] = value

    def delete_tree(self, key: str) -> bool:
        found = [one for one in self.values if one[0] == key or one[0].startswith(f"{key}\\")]
        for one in found:
            del self.values[one]
        return bool(found)


def test_links_are_opened_by_the_app_with_the_link_as_one_argument():
    registry = MemoryRegistry()
    windows_keys.register(
        registry, ["C:\\Program Files\\Py\\pythonw.exe", "-m", "psynapse.cli", "desktop"], Path("i.ico")
    )
    assert registry.values[ROOT, "URL Protocol"] == ""
    command = registry.values[rf"{ROOT}\shell\open\command", ""]
    assert command == '"C:\\Program Files\\Py\\pythonw.exe" -m psynapse.cli desktop "%1"'
    assert registry.values[rf"{ROOT}\DefaultIcon", ""] == "i.ico"


def test_what_was_registered_is_removed_and_nothing_else():
    registry = MemoryRegistry()
    registry.set_value(rf"{ROOT}-other", "", "stays")
    windows_keys.register(registry, ["py"], None)
    assert windows_keys.unregister(registry) == (ROOT,)
    assert windows_keys.unregister(registry) == ()
    assert registry.values == {(rf"{ROOT}-other", ""): "stays"}
