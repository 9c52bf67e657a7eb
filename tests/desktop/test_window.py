"""The window itself, with the real editor and the real server behind it."""

import os
import struct
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
Play = Callable[..., dict[str, Any]]


def colours(picture: Path) -> int:
    """How many different bytes the pixels of a PNG have, filters and all: few where nothing was painted."""
    content, at, data = picture.read_bytes(), 8, b""
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += 12 + length
    return len(Counter(zlib.decompress(data)))


def test_the_window_shows_the_editor_and_its_page_can_use_the_app(play: Play, tmp_path: Path):
    found = play("editor")
    assert found["title"].endswith("Psynapse")
    assert found["title"] != "Psynapse"
    assert "token" not in found["address"]
    ready = found["first"]["value"]
    assert ready["links"] == []
    assert ready["server"]["state"] == "healthy"
    assert found["address"].startswith(ready["server"]["origin"])
    assert found["again"]["value"] == []
    assert found["status"]["value"] == ready["server"]
    assert any("Psynapse serves" in line for line in found["log"]["value"])
    assert found["at once"]["value"] == [False, True, False]
    assert [one["code"] for one in found["refused"]] == ["bridge-refused"] * 3
    assert found["stock functions"] == 0
    assert found["in a frame"]["value"] == ["object", "undefined", "undefined", "undefined"]
    assert found["scroll bars"] == []
    assert colours(tmp_path / "window.png") > 100


def test_links_fill_the_install_form_whenever_they_come_and_do_nothing_else(play: Play, tmp_path: Path):
    found = play("links")
    says = "A link asks for this package. Look at it before you install it."
    assert found["first"] == ["cold", f"{says} 1 more after this one."]
    assert found["live"] == ["git+https://example.com/u/r", f"{says} 2 more after this one."]
    assert found["heard"] == 1
    assert found["anew"] == ["cold", f"{says} 3 more after this one."]
    assert found["nodes"]["value"] == []
    assert found["generations"]["value"] == 0
    assert colours(tmp_path / "link.png") > 100


def test_the_folder_dialog_is_the_systems_and_only_one_opens(play: Play, tmp_path: Path):
    found = play("folder dialog")
    assert found["accept"] == [str(tmp_path / "chosen")]
    assert found["reject"] == [None]
    assert found["title, accept"] == found["title, reject"] == "Pick it"
    assert found["second while open, accept"]["code"] == "bridge-refused"


def test_a_foreign_page_goes_to_the_browser_and_has_no_bridge_even_in_the_window(
    play: Play, tmp_path: Path, browser: dict[str, str]
):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>elsewhere")
    found = play("foreign", **browser)
    assert found["opened"]
    assert found["stays"]
    assert found["here"]["value"] == "healthy"
    assert found["scope"] == "undefined"
    assert [(call, answer["error"]["code"]) for call, answer in found["answers"]] == [("1", "bridge-refused")]


def test_the_page_stays_open_while_the_server_is_restarted_and_killed(play: Play):
    found = play("server comes back")
    assert found["processes"] == 3
    assert found["origins"] == 1
    assert found["states"] == ["restarting", "healthy", "crashed", "restarting", "healthy"]
    assert found["kept"] == "unsaved"
    assert found["still asked for a token"]["value"] == 200


def test_a_server_that_is_given_up_leaves_the_open_page_alone_and_asks_whether_to_try_again(play: Play):
    found = play("given up while open")
    assert "is used by process" in found["question"]
    assert found["kept"] == "unsaved"


def test_a_server_that_cannot_run_is_explained_and_tried_again_at_the_push_of_a_button(play: Play):
    found = play("failure")
    assert "The server does not run" in found["page"]
    assert "is used by process" in found["page"]
    assert found["then"] == "healthy"


def test_a_server_that_keeps_crashing_is_explained_with_its_last_words_and_tried_again(play: Play, tmp_path: Path):
    found = play("crash loop")
    assert "The server stopped 6 times within a minute, at last with exit code 2." in found["page"]
    assert "PSYNAPSE_RUN_LOG_DAYS is 'many'" in found["page"]
    assert colours(tmp_path / "crash_loop.png") > 10
    # The page of the server that came at last has what the others said.
    assert sum("exit code 2" in line for line in found["log"]["value"]) >= 6


def test_the_log_has_a_window_that_follows_it_and_closes_with_the_app(play: Play, tmp_path: Path):
    found = play("log window")
    assert "Psynapse serves" in found["first"]
    assert "said just now <b>" in found["later"]
    assert found["title"].endswith(str(tmp_path / "desktop" / "server.log"))
    assert found["windows"] == 1


def test_the_window_is_as_large_as_it_was(play: Play):
    assert play("size")["size"] == [1280, 800]
    assert play("size")["size"] == [901, 702]
