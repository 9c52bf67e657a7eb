"""Nodepacks that cannot be imported, or only after a while, keep nobody waiting who does not need them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from crash_server import Client, Server, link_packs, one, serving, wait_for
from stalls import polling

GOOD = "def version() -> int:\n    return {}\n"
BAD = {
    "raises": "raise RuntimeError('not today')\n",
    "is no Python": "def version(:\n",
    "calls sys.exit": "import sys\nsys.exit(3)\n",
    "imports what is not there": "import a_module_that_nobody_has\n",
}
DEADLY = {
    "ends the process": "import os\nos._exit(3)\n",
    "crashes": "import ctypes\nctypes.string_at(0)\n",
    "closes descriptors": "import os\nos.closerange(0, 256)\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("imports")
    packs = link_packs(folder / "packs", "misbehaving")
    with serving(packs, folder / "data") as started:
        yield started


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    with server.client() as opened:
        yield opened


@pytest.fixture
def pack(server: Server, request: pytest.FixtureRequest) -> Path:
    """A nodepack of the test's own."""
    name = "".join(letter if letter.isalnum() else "_" for letter in request.node.name)
    folder = server.data.parent / "packs" / name
    folder.mkdir()
    return folder


def write(pack: Path, content: str) -> None:
    """Replace the nodepack's file at once."""
    (pack / "ops.new").write_text(content)
    (pack / "ops.new").rename(pack / "ops.py")


def wait_for_version(client: Client, pack: Path, number: int) -> None:
    wait_for(lambda: client.execute(one(f"{pack.name}:version")).json().get("results") == {"View": number})


def test_an_import_that_takes_two_seconds_is_waited_for_in_the_background(
    server: Server, client: Client, pack: Path, tmp_path: Path
):
    write(pack, GOOD.format(1))
    wait_for_version(client, pack, 1)
    with polling(server.url, tmp_path / "polls") as stalls, stalls.watched():
        write(pack, "import time\ntime.sleep(2)\n" + GOOD.format(2))
        for _ in range(10):
            assert client.value(one(f"{pack.name}:version")) == 1
        wait_for_version(client, pack, 2)
    write(pack, GOOD.format(3))
    wait_for_version(client, pack, 3)


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_nodepack_that_fails_to_import_is_reported_and_mended_by_the_next_edit(
    client: Client, pack: Path, content: str
):
    write(pack, GOOD.format(1))
    wait_for_version(client, pack, 1)
    write(pack, content)

    def failures() -> list[str]:
        return [failure["nodepack"] for failure in client.http.get("/catalog/failures").json()]

    wait_for(lambda: pack.name in failures())
    client.is_right()
    run = client.start(one(f"{pack.name}:version"))
    assert client.ended(run)["status"] == "failed"
    write(pack, GOOD.format(2))
    wait_for_version(client, pack, 2)
    assert pack.name not in failures()


@pytest.mark.parametrize("content", DEADLY.values(), ids=DEADLY)
def test_with_a_nodepack_that_kills_every_worker_those_there_are_go_on(
    server: Server, client: Client, pack: Path, content: str
):
    write(pack, GOOD.format(1))
    wait_for_version(client, pack, 1)
    before = server.said.count("no worker can start with them")
    write(pack, content)
    wait_for(lambda: server.said.count("no worker can start with them") > before)
    for _ in range(3):
        assert client.value(one(f"{pack.name}:version")) == 1, server.said
    write(pack, GOOD.format(2))
    wait_for_version(client, pack, 2)
    # A worker that is lost meanwhile can be replaced again.
    assert client.value(one("exit_at_once")) is None
    client.is_right()
