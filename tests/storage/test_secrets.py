"""Secrets at rest: for their owner alone, listed without values, in the keyring where there is one that works."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from psynapse.storage.database import StorageUnavailable
from psynapse.storage.secrets import SecretStore, UnknownSecret, UnusableSecret, system_keyring

KEYRING = """
from types import SimpleNamespace
priority, broken, kept = 5, False, {}
def get_keyring(): return SimpleNamespace(priority=priority)
def set_password(service, username, password):
    if broken: raise RuntimeError("locked")
    kept[service, username] = password
def get_password(service, username): return kept.get((service, username))
def delete_password(service, username): del kept[service, username]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secrets.json"


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The package of that name, as far as it is used."""
    (tmp_path / "keyring.py").write_text(KEYRING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    yield importlib.import_module("keyring")
    sys.modules.pop("keyring", None)


def test_secrets_are_kept_in_a_file_of_the_owners_alone(path: Path):
    store = SecretStore(path)
    assert store.list() == []
    entry = store.put("API_KEY", "first")
    store.put("OTHER", "second")
    assert [one.name for one in store.list()] == ["API_KEY", "OTHER"]
    assert store.list()[0] == entry
    assert SecretStore(path).values({"API_KEY", "MISSING"}) == {"API_KEY": "first"}
    if sys.platform != "win32":
        path.chmod(0o644)
        store.put("API_KEY", "third")
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    store.delete("API_KEY")
    assert store.values({"API_KEY"}) == {}
    with pytest.raises(UnknownSecret):
        store.delete("API_KEY")


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "A=B", "a\n", "Ä", "A" * 201])
def test_a_name_that_no_variable_can_have_is_refused(path: Path, name: str):
    with pytest.raises(UnusableSecret):
        SecretStore(path).put(name, "hush-hush")
    assert not path.exists()


@pytest.mark.parametrize("value", ["", "hush\0hush", "x" * 30_001])
def test_a_value_that_no_variable_can_have_is_refused_without_being_said(path: Path, value: str):
    with pytest.raises(UnusableSecret) as caught:
        SecretStore(path).put("API_KEY", value)
    assert "hush" not in str(caught.value)
    assert "xxx" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secrets": 5}'])
def test_a_damaged_file_is_neither_overwritten_nor_shown(path: Path, content: str):
    path.parent.mkdir()
    path.write_text(content)
    store = SecretStore(path)
    for ask in (store.list, lambda: store.put("A", "b"), lambda: store.delete("A"), lambda: store.values({"A"})):
        with pytest.raises(StorageUnavailable):
            ask()
    assert path.read_text() == content


def test_values_are_in_the_keyring_when_there_is_one(path: Path, keyring: ModuleType):
    found = system_keyring()
    assert found is keyring
    store = SecretStore(path, found)
    store.put("API_KEY", "hush-hush")
    assert "hush" not in path.read_text()
    assert [one.name for one in store.list()] == ["API_KEY"]
    assert SecretStore(path, found).values({"API_KEY"}) == {"API_KEY": "hush-hush"}
    assert SecretStore(path, None).values({"API_KEY"}) == {}
    store.delete("API_KEY")
    assert keyring.kept == {}
    assert json.loads(path.read_text())["secrets"] == {}


def test_the_file_takes_what_the_keyring_refuses(path: Path, keyring: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keyring, "broken", True)
    store = SecretStore(path, system_keyring())
    store.put("API_KEY", "hush-hush")
    assert store.values({"API_KEY"}) == {"API_KEY": "hush-hush"}
    store.delete("API_KEY")
    assert store.list() == []


def test_a_keyring_that_keeps_nothing_is_not_used(keyring: ModuleType, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keyring, "priority", 0)
    assert system_keyring() is None


def test_no_keyring_is_needed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert system_keyring() is None
