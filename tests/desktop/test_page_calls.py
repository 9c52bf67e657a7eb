"""How calls of a page reach the bridge."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.desktop.page_calls import CALL_NAME, answer_script, guarded_script, only_door

NAMES = st.sampled_from(
    ["scope", "receive", *dir(object), *dir(type), *dir(only_door), *dir(lambda: 0), "func_globals"]
)


def follow(thing: object, path: str) -> object:
    """What pywebview finds for a name that a page gives it."""
    for name in path.split("."):
        thing = getattr(thing, name, None)
        if thing is None:
            return None
    return thing


@settings(deadline=None)
@given(names=st.lists(NAMES | st.text(max_size=10), min_size=1, max_size=5))
def test_a_page_reaches_the_one_function_and_nothing_through_it(names: list[str]):
    door = only_door(lambda *_: None)
    path = ".".join(names)
    assert (follow(door, path) is not None) == (path == CALL_NAME)


def test_nothing_is_listed_that_functions_could_be_made_for():
    assert dir(only_door(lambda *_: None)) == []


def test_a_call_arrives_as_it_was_made():
    calls: list[tuple[object, ...]] = []
    getattr(only_door(lambda *values: calls.append(values)), CALL_NAME)("1", "ready", [])
    assert calls == [("1", "ready", [])]


@settings(deadline=None)
@given(page=st.text(max_size=30), text=st.text(max_size=30))
def test_no_text_of_an_answer_becomes_part_of_the_script(page: str, text: str):
    script = answer_script(page, "7", {"value": text})
    assert script == guarded_script(page, f'window.__scopeAnswer?.("7", {json.dumps({"value": text})})')
    assert script.isascii()
    assert "\n" not in script
