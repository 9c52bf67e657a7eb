"""One app for each data directory."""

import json
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from psynapse.desktop.errors import InstanceSilent
from psynapse.desktop.single_instance import become_first, hand_over

PROBE = Path(__file__).parent / "probes" / "first_instance.py"


@contextmanager
def first_instance(folder: Path) -> "Generator[subprocess.Popen[str]]":
    command = [sys.executable, str(PROBE), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "first\n"
        try:
            yield process
        finally:
            process.kill()


def heard(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout
    return json.loads(process.stdout.readline())


def test_a_later_start_hands_its_links_to_the_first(tmp_path: Path):
    with first_instance(tmp_path) as first:
        assert become_first(tmp_path) is None
        hand_over(tmp_path, ["daydream-scope://install-node?package=a"])
        assert heard(first) == ["daydream-scope://install-node?package=a"]
        hand_over(tmp_path, [])
        assert heard(first) == []


def test_a_first_one_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path):
    with first_instance(tmp_path) as first:
        first.kill()
        first.wait()
        with first_instance(tmp_path) as second:
            hand_over(tmp_path, ["x"])
            assert heard(second) == ["x"]


def test_a_start_waits_for_a_first_one_that_only_begins(tmp_path: Path):
    first = become_first(tmp_path)
    assert first
    got: list[list[str]] = []
    threading.Timer(0.4, first.listen, [lambda links: got.append(list(links))]).start()
    hand_over(tmp_path, ["early"])
    assert got == [["early"]]
    first.close()


def test_a_first_one_that_does_not_answer_is_told(tmp_path: Path):
    first = become_first(tmp_path)
    assert first
    with pytest.raises(InstanceSilent):
        hand_over(tmp_path, [], within=0.2)
    first.close()


def test_who_closes_leaves_the_app_to_the_next(tmp_path: Path):
    first = become_first(tmp_path)
    assert first
    first.listen(lambda _: None)
    socket_path = Path(json.loads((tmp_path / "instance.json").read_text())["address"])
    assert socket_path.exists()
    first.close()
    assert not socket_path.parent.exists()
    second = become_first(tmp_path)
    assert second
    second.close()


@pytest.mark.parametrize("said", [b"", b"\xff", b"{", b"7", b'{"urls": 1}', b"[" * 10_000])
def test_rubbish_is_neither_heard_nor_an_end(tmp_path: Path, said: bytes):
    first = become_first(tmp_path)
    assert first
    got: list[list[str]] = []
    first.listen(lambda links: got.append(list(links)))
    with Client(json.loads((tmp_path / "instance.json").read_text())["address"]) as peer:
        peer.send_bytes(said)
    hand_over(tmp_path, ["after"])
    assert got == [["after"]]
    first.close()


def test_what_is_no_text_is_left_out_and_a_flood_is_cut(tmp_path: Path):
    first = become_first(tmp_path)
    assert first
    got: list[list[str]] = []
    first.listen(lambda links: got.append(list(links)))
    with Client(json.loads((tmp_path / "instance.json").read_text())["address"]) as peer:
        peer.send_bytes(json.dumps([1, None, "a", *["b"] * 99]).encode())
        peer.recv_bytes()
    assert got == [["a", *["b"] * 13]]
    first.close()


def test_only_the_user_can_reach_the_first_one(tmp_path: Path):
    first = become_first(tmp_path / "new")
    assert first
    first.listen(lambda _: None)
    address = Path(json.loads((tmp_path / "new" / "instance.json").read_text())["address"])
    assert address.parent.stat().st_mode & 0o077 == 0
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    first.close()
