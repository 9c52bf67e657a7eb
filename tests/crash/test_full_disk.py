"""A disk without room costs the memory of a run, said out loud, and never the run."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from crash_server import Client, Server, link_packs, one, serving, wait_for
from stalls import polling

ROOM = 2 << 20


@contextmanager
def small_disk(folder: Path) -> Generator[None]:
    """A file system of its own with little room."""
    folder.mkdir()
    program = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    if program is None or subprocess.run([program, *options], capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Callable[[], None]:
    """Take all the room there is; what is returned gives it back."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1):
            try:
                while file.write(b"x" * size):
                    continue
            except OSError:
                continue
    return filler.unlink


def forbid(pid: int) -> Callable[[], None]:
    """Let a process write no file any more; what is returned allows it again."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))

    def allow() -> None:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))

    return allow


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return link_packs(tmp_path_factory.mktemp("disk") / "packs")


@pytest.fixture(params=["full", "forbidden"])
def server_and_trouble(
    request: pytest.FixtureRequest, packs: Path, tmp_path: Path
) -> Iterator[tuple[Server, Callable[[], Callable[[], None]]]]:
    """A server, and what takes its disk away; that returns what gives it back."""
    data = tmp_path / "data"
    if request.param == "full":
        with small_disk(data), serving(packs, data) as server:
            yield server, lambda: fill(data)
    elif sys.platform == "linux":
        with serving(packs, data) as server:
            yield server, lambda: forbid(server.pid)
    else:
        pytest.skip("the limits of another process cannot be set here")


def finished(client: Client, **values: int) -> str:
    """The id of a run that has succeeded, all of whose events a viewer gets."""
    run = client.start(one("flood_events", **values))
    assert client.ended(run)["status"] == "succeeded"
    events = client.events(run)
    assert [event["seq"] for event in events] == list(range(len(events)))
    assert events[-1]["type"] == "run-finished"
    assert len([event for event in events if event["type"] == "task-progress"]) == values["times"]
    return run


def test_without_room_runs_go_on_and_say_that_they_are_not_logged_until_there_is_room(
    server_and_trouble: tuple[Server, Callable[[], Callable[[], None]]], packs: Path, tmp_path: Path
):
    server, take_away = server_and_trouble
    with server.client() as client, polling(server.url, tmp_path / "polls") as stalls:
        before = finished(client, times=100)
        assert client.info(before)["unlogged"] == ""
        give_back = take_away()
        with stalls.watched():
            during = [finished(client, times=5_000) for _ in range(3)]
            client.is_right()
            assert client.value(one("exit_at_once")) is None
        for run in during:
            assert client.info(run)["unlogged"]
            assert [event["type"] for event in client.events(run)].count("run-unlogged") == 1
        give_back()
        after = wait_for(lambda: next((run for run in [finished(client, times=100)] if logged(client, run)), None))
        kept = {run: client.events(run) for run in (before, after)}
        server.end()
        assert "Traceback" not in server.said_in_all()
    with serving(packs, server.data) as successor, successor.client() as client:
        for run, events in kept.items():
            assert client.status(run) == "succeeded"
            assert client.events(run) == events
        client.is_right()


def logged(client: Client, run: str) -> bool:
    return client.info(run)["unlogged"] == ""


def test_a_large_value_for_which_there_is_no_room_is_shown_in_part_and_fetched_from_its_worker(
    packs: Path, tmp_path: Path
):
    with small_disk(tmp_path / "data"), serving(packs, tmp_path / "data") as server, server.client() as client:
        run = client.start(one("inconsiderate:text", size=2 * ROOM))
        assert client.ended(run)["status"] == "succeeded"
        (shown,) = (event["output"] for event in client.events(run) if event["node"] == "View" and "output" in event)
        assert shown["truncated"]
        assert len(client.http.get(shown["href"]).json()) == 2 * ROOM
        client.is_right()


def test_a_server_that_finds_no_room_at_its_start_says_what_to_do(packs: Path, tmp_path: Path):
    data = tmp_path / "data"
    with small_disk(data):
        fill(data)
        command = [sys.executable, "-c", "import sys; from psynapse.cli import main; sys.exit(main())", "serve"]
        options = ["--port", "0", "--data-dir", str(data), "--nodepacks-dir", str(packs)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 1
        assert [line.split(": ")[0] for line in done.stderr.splitlines()] == ["error", "hint"]
