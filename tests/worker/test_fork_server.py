"""Workers that are forked are what spawned ones are."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fork_bench import (
    fork_server_of,
    forking,
    holds,
    parent_of,
    shown_by_system,
    threads,
    values_of,
    with_launcher,
)
from worker_bench import is_alive, left_of, play, wait_until

from psynapse.errors import WorkerError
from psynapse.worker.client import Worker
from psynapse.worker.fork_server_process import new_mark, start_fork_server
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec, marked_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")


PROBES = """
import ctypes, os, random, signal
from typing import Any

def c_variable(name: str) -> str:
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    return (libc.getenv(name.encode()) or b"").decode()

def descriptor(number: int) -> str:
    return os.readlink(f"/proc/self/fd/{number}")

def random_numbers() -> Any:
    return [random.random(), random.getrandbits(64)]

def numpy_numbers() -> Any:
    import numpy
    return numpy.random.rand(3).tolist()

def product(size: int) -> float:
    import numpy
    ones = numpy.ones((size, size))
    return float((ones @ ones).sum())

def standing() -> Any:
    import sys, threading
    masks = [line for line in open("/proc/self/status") if line.startswith(("Sig", "Shd"))]
    handlers = [str(signal.getsignal(number)) for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)]
    main = sys.modules["__main__"]
    return [masks[1:], handlers, os.nice(0), os.umask(0o22), threading.active_count(), os.getsid(0) == os.getpid(),
            str(main.__file__), sys.flags.safe_path, [os.path.basename(sys.argv[0]), len(sys.argv)]]
"""


@pytest.fixture(scope="module")
def probing(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> WorkerSpec:
    folder = tmp_path_factory.mktemp("probes")
    (folder / "probes").mkdir()
    (folder / "probes" / "ops.py").write_text(PROBES)
    return WorkerSpec(roots=((packs, "user"), (folder, "user")))


# What they are


def test_a_forked_worker_is_a_child_of_the_fork_server_and_has_a_session_and_a_mark_of_its_own(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as one, forking(spec, launcher) as other:
            assert parent_of(one.pid) == parent_of(other.pid) == fork_server_of(launcher)
            assert parent_of(fork_server_of(launcher)) == os.getpid()
            assert os.getsid(one.pid) == one.pid
            assert (left_of(one), left_of(other)) == ([one.pid], [other.pid])
            assert (await play(one, "add", a=1)).values == {"view": 2}
            assert one.catalog == other.catalog

    with_launcher(story)


def test_signals_priority_umask_and_arguments_are_those_of_a_spawned_worker(probing: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        assert await values_of(probing, launcher, "standing") == await values_of(probing, None, "standing")

    with_launcher(story)


def test_standard_input_is_empty_and_output_reaches_the_listener(probing: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(probing, launcher) as worker:
            heard: list[tuple[str, bytes]] = []
            worker.output.listener = lambda stream, content: heard.append((stream, content))
            assert (await play(worker, "descriptor", number=0)).values == {"view": "/dev/null"}
            assert (await play(worker, "write_raw", text="tick")).values == {"view": 8}
            await worker.output.settle()
            assert heard == [("stdout", b"tick"), ("stderr", b"TICK")]

    with_launcher(story)


def test_a_worker_begins_in_the_folder_where_its_server_is_then(
    spec: WorkerSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def story(launcher: Launcher) -> None:
        assert await values_of(spec, launcher, "folder") == str(Path.cwd())
        monkeypatch.chdir(tmp_path)
        assert await values_of(spec, launcher, "folder") == str(tmp_path)

    with_launcher(story)


def test_random_numbers_are_not_those_of_the_worker_before(probing: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        for function in ("random_numbers", "numpy_numbers"):
            numbers = [await values_of(probing, launcher, function) for _ in range(2)]
            assert numbers[0] != numbers[1]

    with_launcher(story)


def test_numpy_is_there_already_and_its_threads_are_not_lost(probing: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(probing, launcher):
            fork_server = fork_server_of(launcher)
            await asyncio.to_thread(wait_until, lambda: "numpy" in shown_by_system(fork_server, "maps"))
        async with forking(probing, launcher) as worker:
            assert "numpy" in shown_by_system(worker.pid, "maps")
            assert threads(fork_server_of(launcher)) == 1
            assert (await play(worker, "product", size=600)).values == {"view": 600.0**3}

    with_launcher(story)


def test_one_that_forks_no_more_imports_nothing_for_workers_to_come(probing: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(probing, launcher) as worker:
            fork_server = fork_server_of(launcher)
            launcher.forget(probing.python)
            await asyncio.sleep(1)
            assert is_alive(fork_server)
            assert parent_of(worker.pid) == fork_server
            assert "numpy" not in shown_by_system(fork_server, "maps")

    with_launcher(story)


def test_a_launcher_forks_with_what_was_begun_before_it(spec: WorkerSpec):
    async def story() -> None:
        begun = start_fork_server(sys.executable, new_mark())
        launcher = Launcher(begun)
        async with forking(spec, launcher) as worker:
            assert parent_of(worker.pid) == begun.popen.pid == fork_server_of(launcher)
            # Another one may just be trying out an import.
            assert set(marked_processes(begun.family)) >= {begun.popen.pid, worker.pid}
        await launcher.close()
        assert list(marked_processes(begun.family)) == []

    asyncio.run(story())


def test_twenty_workers_can_be_started_at_once(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        workers = await asyncio.gather(*(Worker.start(spec, launcher) for _ in range(20)))
        assert len({worker.pid for worker in workers}) == 20
        assert {parent_of(worker.pid) for worker in workers} == {fork_server_of(launcher)}
        played = await asyncio.gather(*(play(worker, "add", a=n) for n, worker in enumerate(workers)))
        assert [one.values["view"] for one in played] == list(range(1, 21))
        await asyncio.gather(*(worker.stop() for worker in workers))
        assert {worker._process.popen.returncode for worker in workers} == {0}

    with_launcher(story)


# Environment


def test_variables_of_one_worker_are_in_no_other_and_not_in_the_fork_server(
    probing: WorkerSpec, monkeypatch: pytest.MonkeyPatch
):
    secret = os.urandom(16).hex()
    monkeypatch.setenv("PSYNAPSE_TOKEN", "only for the server")
    monkeypatch.setenv("INHERITED", "from the server")

    async def story(launcher: Launcher) -> None:
        async with forking(replace(probing, env={"SECRET": secret}), launcher) as worker:
            for function in ("environment", "c_variable"):
                assert (await play(worker, function, name="SECRET")).values == {"view": secret}
            async with forking(probing, launcher) as other:
                assert (await play(other, "environment", name="SECRET")).values == {"view": None}
                assert (await play(other, "c_variable", name="SECRET")).values == {"view": ""}
                assert (await play(other, "c_variable", name="PSYNAPSE_TOKEN")).values == {"view": ""}
                monkeypatch.setenv("INHERITED", "changed")
                assert await values_of(probing, launcher, "c_variable", name="INHERITED") == "changed"
                monkeypatch.delenv("INHERITED")
                assert await values_of(probing, launcher, "environment", name="INHERITED") is None
                assert not holds(fork_server_of(launcher), secret.encode())
                assert not holds(other.pid, secret.encode())
                assert holds(worker.pid, secret.encode())
            assert "only for the server" not in shown_by_system(fork_server_of(launcher), "environ")

    with_launcher(story)


@pytest.mark.parametrize("name", ["OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "PYTHONHASHSEED", "LC_ALL"])
def test_what_libraries_read_when_they_are_imported_makes_a_spawned_worker(spec: WorkerSpec, name: str):
    async def story(launcher: Launcher) -> None:
        async with forking(replace(spec, env={name: "0"}), launcher) as worker, forking(spec, launcher) as other:
            assert parent_of(worker.pid) == os.getpid()
            assert parent_of(other.pid) == fork_server_of(launcher)
            assert (await play(worker, "environment", name=name)).values == {"view": "0"}
            assert (await play(other, "environment", name=name)).values == {"view": None}

    with_launcher(story)


def test_each_python_has_a_fork_server_of_its_own(spec: WorkerSpec, tmp_path: Path):
    other = replace(spec, python=another_python(tmp_path))

    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher) as one, forking(other, launcher) as two, forking(other, launcher) as three:
            parents = [parent_of(worker.pid) for worker in (one, two, three)]
            assert parents[0] != parents[1] == parents[2]
            assert os.getpid() not in parents
            assert (await play(two, "environment", name="PATH")).values == {"view": os.environ["PATH"]}

    with_launcher(story)


def test_a_fork_server_that_is_not_wanted_any_more_ends_with_its_last_worker(spec: WorkerSpec, tmp_path: Path):
    other = replace(spec, python=another_python(tmp_path))

    async def story(launcher: Launcher) -> None:
        async with forking(other, launcher) as new:
            async with forking(spec, launcher) as old:
                retired = parent_of(old.pid)
                launcher.keep_only(other)
                assert (await play(old, "environment", name="NOTHING")).values == {"view": None}
                assert is_alive(retired)
            await asyncio.to_thread(wait_until, lambda: not is_alive(retired))
            # Of those that are wanted none is touched.
            assert (await play(new, "environment", name="NOTHING")).values == {"view": None}
            async with forking(spec, launcher) as again:
                assert parent_of(again.pid) not in {retired, os.getpid()}

    with_launcher(story)


def test_a_fork_server_without_workers_ends_at_once_when_it_is_not_wanted(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        async with forking(spec, launcher):
            pass
        retired = fork_server_of(launcher)
        launcher.keep_only(replace(spec, python="/nowhere/python"))
        await asyncio.to_thread(wait_until, lambda: not is_alive(retired))

    with_launcher(story)


def another_python(folder: Path) -> str:
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return str(python)


def test_a_variable_that_no_environment_can_hold_is_an_error(spec: WorkerSpec):
    async def story(launcher: Launcher) -> None:
        for env in ({"NUL": "a\0b"}, {"A=B": ""}):
            with pytest.raises(WorkerError, match="no worker can be started"):
                await Worker.start(replace(spec, env=env), launcher)

    with_launcher(story)


def test_variables_longer_than_any_message_arrive(probing: WorkerSpec):
    env = {f"LONG{number}": "x" * 100_000 for number in range(10)}

    async def story(launcher: Launcher) -> None:
        async with forking(replace(probing, env=env), launcher) as worker:
            assert parent_of(worker.pid) == fork_server_of(launcher)
            assert (await play(worker, "c_variable", name="LONG9")).values == {"view": "x" * 100_000}

    with_launcher(story)
