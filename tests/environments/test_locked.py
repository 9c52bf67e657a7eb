import json

import pytest

from psynapse.environments.locked import Change, Locked, compare


def locked(name: str, version: str = "1.0", commit: str = "", needed_by: tuple[str, ...] = ()) -> Locked:
    return Locked(name=name, version=version, line=f"{name}=={version}", commit=commit, needed_by=needed_by)


def test_what_was_written_is_read_back():
    one = Locked(
        name="a", version="1", line="-e file:///a", source="local", editable=True, path="/a", needed_by=("b", "c")
    )
    assert Locked.from_json(json.loads(json.dumps(one.to_json()))) == one


@pytest.mark.parametrize("wrong", [{"needed_by": "b"}, {"source": "moon"}, {"version": None}])
def test_what_is_something_else_is_refused(wrong: dict[str, object]):
    with pytest.raises((TypeError, ValueError)):
        Locked.from_json(json.loads(json.dumps(locked("a").to_json() | wrong)))


def test_two_lists_are_compared_by_what_is_installed():
    old = [locked("same"), locked("up"), locked("gone"), locked("git", commit="a" * 40)]
    new = [locked("up", "2.0"), locked("new"), locked("same", needed_by=("new",)), locked("git", commit="b" * 40)]
    changes = compare(old, new)
    assert changes.added == (Change(name="new", after="1.0"),)
    assert changes.removed == (Change(name="gone", before="1.0"),)
    assert changes.changed == (
        Change(name="git", before="1.0 (aaaaaaaaa)", after="1.0 (bbbbbbbbb)"),
        Change(name="up", before="1.0", after="2.0"),
    )
