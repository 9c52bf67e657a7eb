"""What the page in the window may ask of the app."""

import json
import os
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psynapse.desktop.bridge import VERSION, Bridge
from psynapse.desktop.deep_links import PendingLinks, parse_link
from psynapse.desktop.errors import BridgeRefused
from psynapse.desktop.origins import OWN_ORIGIN
from psynapse.desktop.server_log import ServerLog
from psynapse.desktop.supervisor import Supervisor

METHODS = ["ready", "browseDirectory", "openExternal", "serverStatus", "serverLog", "restartServer"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


class Desk:
    """A bridge with everything it needs, and a folder dialog that answers as told."""

    def __init__(self, folder: Path) -> None:
        # Never started: a bridge only asks how the server is.
        self.supervisor = Supervisor(lambda _: [], os.environ, ServerLog(folder / "server.log"))
        self.links = PendingLinks()
        self.asked: list[tuple[str, str]] = []
        self.choose: Callable[[], str | None] = lambda: None
        self.bridge = Bridge(self.supervisor, self.links, self._dialog)

    def _dialog(self, title: str, start: str) -> str | None:
        self.asked.append((title, start))
        return self.choose()

    def call(self, method: object, *arguments: object) -> object:
        return self.bridge.call(f"{OWN_ORIGIN}/", method, list(arguments))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.supervisor.close()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "page",
    ["", "about:blank", "https://example.com/", "http://app.psynapse.invalid:81/", "file:///x", "data:text/html,x"],
)
def test_no_other_page_gets_anything(desk: Desk, method: str, page: str):
    with pytest.raises(BridgeRefused, match="may not use"):
        desk.bridge.call(page, method, [])


def test_the_page_that_is_ready_takes_the_links_that_wait_once(desk: Desk):
    desk.links.add(parse_link("daydream-scope://install-node?package=a"))
    ready = desk.call("ready")
    assert isinstance(ready, dict)
    assert (ready["version"], ready["links"]) == (VERSION, [{"action": "install-node", "package": "a"}])
    assert ready["server"] == desk.call("serverStatus")
    again = desk.call("ready")
    assert isinstance(again, dict)
    assert again["links"] == []


def test_a_folder_is_asked_for_where_the_page_says_if_that_is_one(desk: Desk, tmp_path: Path):
    desk.choose = lambda: str(tmp_path)
    assert desk.call("browseDirectory", "Pick", str(tmp_path)) == str(tmp_path)
    assert desk.asked[-1] == ("Pick", str(tmp_path))
    desk.choose = lambda: None
    assert desk.call("browseDirectory", "", str(tmp_path / "gone")) is None
    assert desk.asked[-1] == ("Choose a folder", str(Path.home()))


def test_one_dialog_is_enough(desk: Desk):
    opened, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        opened.set()
        go_on.wait(10)

    desk.choose = wait
    first = threading.Thread(target=desk.call, args=["browseDirectory"])
    first.start()
    assert opened.wait(10)
    with pytest.raises(BridgeRefused, match="already"):
        desk.call("browseDirectory")
    go_on.set()
    first.join()
    desk.choose = lambda: None
    assert desk.call("browseDirectory") is None


def test_a_web_address_goes_to_the_browser_and_nothing_else_does(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened: list[str] = []

    class Browser:
        def open(self, url: str, *_: object) -> bool:
            opened.append(url)
            return True

    monkeypatch.setattr("webbrowser.open", Browser().open)
    assert desk.call("openExternal", "https://example.com/a?b=c#d") is True
    for address in (
        "file:///etc/passwd",
        "javascript:alert(1)",
        "daydream-scope://x",
        "http://",
        "http://a b",
        7,
        None,
    ):
        with pytest.raises(BridgeRefused):
            desk.call("openExternal", address)
    assert opened == ["https://example.com/a?b=c#d"]


def test_the_log_is_what_the_server_said_last(desk: Desk):
    for number in range(9):
        desk.supervisor.log.write(f"line {number}")
    assert desk.call("serverLog", 2) == ["line 7", "line 8"]
    for lines in (0, -1, 1_001, True, "5", 2.0, None):
        with pytest.raises(BridgeRefused):
            desk.call("serverLog", lines)


@pytest.mark.parametrize("method", ["", "__class__", "_ready", "call", "ready.__func__", None, 7, ["ready"]])
def test_there_are_no_other_methods(desk: Desk, method: object):
    with pytest.raises(BridgeRefused, match="no such method"):
        desk.call(method)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(METHODS) | JSON, arguments=JSON | st.lists(JSON, max_size=4))
def test_whatever_a_page_asks_the_answer_is_json_or_a_refusal(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, method: object, arguments: object
):
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    with suppress(BridgeRefused):
        json.dumps(desk.bridge.call(OWN_ORIGIN, method, arguments), allow_nan=False)
