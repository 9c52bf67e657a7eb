"""What happens to those that share a data directory when its owner ends, in whatever way."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from psynapse.storage.data_dir import DataDirectory, Owner

TAKES_OVER_WITHIN = 3.0
JSON = {"Content-Type": "application/json"}


def marked(mark: str) -> set[int]:
    """The processes that were started with this variable in their environment, or by such ones."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"TEST_MARK={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.add(int(entry.name))
        except OSError:
            continue
    return found


def wait_for(condition: Any, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def boot_id(client: httpx.Client) -> str:
    answer = client.get("/health")
    assert answer.status_code == 200, answer.text
    return answer.json()["boot_id"]


def owner_of(data: Path) -> Owner:
    owner = DataDirectory(data).owner()
    assert owner
    return owner


def await_successor(data: Path, former: int) -> None:
    wait_for(lambda: getattr(DataDirectory(data).owner(), "pid", former) != former, 5)


@contextmanager
def uvicorn_workers(data: Path, nodepacks: Path, count: int, env: Mapping[str, str]) -> Generator[tuple[Any, str]]:
    """``uvicorn psynapse_backend.main:app --workers`` on a free port, until it is told to end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    command = [sys.executable, "-m", "uvicorn", "psynapse_backend.main:app", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--workers", str(count)],
        env={**clean, **env, "PSYNAPSE_DATA_DIR": str(data), "NODEPACKS_DIR": str(nodepacks)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said: list[str] = []
        assert process.stderr
        threading.Thread(target=lambda: said.extend(process.stderr or ()), daemon=True).start()
        try:
            wait_for(lambda: "".join(said).count("Application startup complete") >= count, 40)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def many(url: str, path: str, count: int) -> list[httpx.Response]:
    """So many answers, each over a connection of its own, so that every process gives some."""
    with (
        httpx.Client(base_url=url, headers={"Connection": "close"}, timeout=20, trust_env=False) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        return list(pool.map(lambda _: client.get(path), range(count)))


def test_of_four_uvicorn_workers_one_owns_the_directory_and_all_answer(nodepacks: Path, tmp_path: Path, flows: Any):
    mark = uuid.uuid4().hex
    with uvicorn_workers(tmp_path, nodepacks, 4, {"TEST_MARK": mark}) as (_, url):
        owner = owner_of(tmp_path)
        assert {answer.json()["boot_id"] for answer in many(url, "/health", 40)} == {owner.boot_id}
        run = httpx.post(f"{url}/runs", json={"workflow": flows.worked_example()}, trust_env=False).json()["id"]
        assert {answer.json()["runs"][-1]["id"] for answer in many(url, "/runs", 40)} == {run}
        results = [httpx.post(f"{url}/execute", json=flows.worked_example(), trust_env=False).json() for _ in range(8)]
        assert results == [{"results": {"View": 48}}] * 8
    wait_for(lambda: not marked(mark), 3)


def test_when_the_owner_of_four_is_killed_another_takes_over(nodepacks: Path, tmp_path: Path, flows: Any):
    mark = uuid.uuid4().hex
    with uvicorn_workers(tmp_path, nodepacks, 4, {"TEST_MARK": mark}) as (process, url):
        former = owner_of(tmp_path)
        # Made before the clock runs: it reads certificates.
        with httpx.Client(base_url=url, trust_env=False) as client:
            os.kill(former.pid, signal.SIGKILL)
            killed = time.monotonic()
            found = boot_id(client)
        assert time.monotonic() - killed < TAKES_OVER_WITHIN
        assert found == owner_of(tmp_path).boot_id != former.boot_id
        assert {answer.json()["boot_id"] for answer in many(url, "/health", 40)} == {found}
        answer = httpx.post(f"{url}/execute", json=flows.worked_example(), trust_env=False)
        assert answer.json() == {"results": {"View": 48}}
        process.terminate()
        assert process.wait(10) == 0
    wait_for(lambda: not marked(mark), 3)


def test_what_a_killed_owner_ran_is_lost_and_what_had_ended_is_kept(start_on: Any, tmp_path: Path, flows: Any):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=60.0)
    data = tmp_path / "data"
    with start_on(data) as owner, start_on(data) as proxy, proxy.client() as client:
        ended = client.post("/runs", json={"workflow": flows.worked_example()}).json()["id"]
        events = client.get(f"/runs/{ended}/events").text
        going = client.post("/runs", json={"workflow": flows.one(node)}).json()["id"]
        wait_for((tmp_path / "marker.begun").exists, 20)
        owner.process.kill()
        assert client.get(f"/runs/{going}").json()["status"] == "lost"
        assert client.get(f"/runs/{ended}").json()["status"] == "succeeded"
        assert client.get(f"/runs/{ended}/events").text == events
        assert client.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}


def test_requests_wait_for_the_successor_of_a_killed_owner_and_nothing_is_left_of_it(start_on: Any, tmp_path: Path):
    mark = uuid.uuid4().hex
    with start_on(tmp_path, env={"TEST_MARK": mark}) as owner, start_on(tmp_path) as proxy, proxy.client() as client:
        former = boot_id(client)
        assert len(marked(mark)) >= 2
        owner.process.kill()
        killed = time.monotonic()
        assert boot_id(client) != former
        assert time.monotonic() - killed < TAKES_OVER_WITHIN
        assert owner_of(tmp_path).pid == proxy.process.pid
        wait_for(lambda: not marked(mark), 3)


@pytest.mark.parametrize(("end", "code"), [(signal.SIGKILL, "owner-lost"), (signal.SIGTERM, "server-ends")])
def test_a_request_amid_which_the_owner_ends_is_a_503_that_says_so(
    start_on: Any, tmp_path: Path, flows: Any, end: signal.Signals, code: str
):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    data = tmp_path / "data"
    with start_on(data) as owner, start_on(data) as proxy, proxy.client() as client, ThreadPoolExecutor() as pool:
        answering = pool.submit(client.post, "/execute", json=flows.one(node))
        wait_for((tmp_path / "marker.begun").exists, 20)
        owner.process.send_signal(end)
        answer = answering.result(10)
        assert (answer.status_code, answer.json()["code"]) == (503, code)
        assert answer.json()["hint"]
        assert answer.headers["retry-after"] == "1"
        assert client.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}


def test_a_stream_whose_owner_is_killed_breaks_off_instead_of_seeming_complete(
    start_on: Any, tmp_path: Path, flows: Any
):
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    data = tmp_path / "data"
    with start_on(data) as owner, start_on(data) as proxy, proxy.client() as client:
        with client.stream("POST", "/execute/stream", json=flows.one(node)) as answer:
            lines = answer.iter_lines()
            assert next(lines)
            owner.process.kill()
            with pytest.raises(httpx.RemoteProtocolError):
                list(lines)
        assert "Traceback" not in proxy.said


def test_three_follow_one_after_the_other(start_on: Any, tmp_path: Path):
    with ExitStack() as stack:
        servers = [stack.enter_context(start_on(tmp_path)) for _ in range(3)]
        seen: set[str] = set()
        while servers:
            (owner,) = (one for one in servers if one.process.pid == owner_of(tmp_path).pid)
            found = {boot_id(stack.enter_context(one.client())) for one in servers}
            assert len(found) == 1
            assert not found & seen
            seen |= found
            servers.remove(owner)
            owner.process.terminate()
            assert owner.process.wait(10) == 0
            if servers:
                await_successor(tmp_path, owner.process.pid)
    assert not list(tmp_path.glob("*.sock"))


def test_a_directory_whose_name_is_too_long_for_a_socket_is_shared_all_the_same(
    start_on: Any, tmp_path: Path, flows: Any
):
    data, temporary = tmp_path / ("long" * 30), tmp_path / "t"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    with start_on(data, env=env) as owner, start_on(data) as proxy, owner.client() as first, proxy.client() as second:
        assert boot_id(first) == boot_id(second)
        address = Path(owner_of(data).address)
        assert address.parent.parent == temporary
        assert stat.S_IMODE(address.parent.stat().st_mode) == 0o700
        assert second.post("/execute", json=flows.worked_example()).json() == {"results": {"View": 48}}


def test_the_socket_is_for_its_user_only_and_a_stale_one_is_replaced(start_on: Any, tmp_path: Path):
    with start_on(tmp_path) as owner:
        owner.process.kill()
        owner.process.wait()
    assert stat.S_ISSOCK((tmp_path / "server.sock").stat().st_mode)
    with start_on(tmp_path), start_on(tmp_path) as proxy, proxy.client() as client:
        assert stat.S_IMODE((tmp_path / "server.sock").stat().st_mode) == 0o600
        assert boot_id(client) == owner_of(tmp_path).boot_id


def test_a_folder_of_somebody_else_in_place_of_ours_is_not_used(start_on: Any, tmp_path: Path):
    data, temporary = tmp_path / ("long" * 30), tmp_path / "t"
    (temporary / f"psynapse-{os.getuid()}").mkdir(parents=True)
    (temporary / f"psynapse-{os.getuid()}").chmod(0o777)
    with start_on(data, env={"TMPDIR": str(temporary)}) as owner, owner.client() as client:
        assert boot_id(client)
        wait_for(lambda: "is not this user's own" in owner.said, 5)
        assert list((temporary / f"psynapse-{os.getuid()}").iterdir()) == []


def test_a_body_that_was_sent_already_is_not_sent_twice(start_on: Any, tmp_path: Path, flows: Any):
    """A run that began with the former owner does not begin again with the next one."""
    node = flows.function("t", "touch_and_wait", path=str(tmp_path / "marker"), seconds=30.0)
    data = tmp_path / "data"
    with start_on(data) as owner, start_on(data) as proxy, proxy.client() as client, ThreadPoolExecutor() as pool:
        answering = pool.submit(client.post, "/execute", content=json.dumps(flows.one(node)), headers=JSON)
        wait_for((tmp_path / "marker.begun").exists, 20)
        (tmp_path / "marker.begun").unlink()
        owner.process.kill()
        assert answering.result(10).status_code == 503
        boot_id(client)
        assert [run["status"] for run in client.get("/runs").json()["runs"] if run["status"] != "lost"] == []
        assert not (tmp_path / "marker.begun").exists()
