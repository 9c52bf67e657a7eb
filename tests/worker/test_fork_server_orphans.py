"""A server that is killed leaves neither a fork server nor workers, nor what nodes have started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from worker_bench import is_alive, wait_until

from psynapse.worker.process import marked_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned")

SERVER = """
import asyncio, os, sys, time
from pathlib import Path
from worker_bench import play, play_until_busy
from psynapse.worker.client import Worker
from psynapse.worker.launcher import Launcher
from psynapse.worker.process import WorkerSpec

async def main(packs, state, pidfile):
    launcher = Launcher()
    launcher.prepare()
    (known,) = launcher._pythons.values()
    pids = [known.fork_server.popen.pid]
    print(launcher._mark)
    if state != "preparing":
        spec = WorkerSpec(roots=((Path(packs), "user"),))
        worker = await Worker.start(spec, launcher)
        spawned = await Worker.start(WorkerSpec(roots=spec.roots, env={"OMP_NUM_THREADS": "1"}), launcher)
        pids += [worker.pid, spawned.pid]
    if state == "daemonise":
        for number, one in enumerate((worker, spawned)):
            pids.append((await play(one, "daemonise", pidfile=f"{pidfile}{number}")).values["view"])
    elif state in ("hang_in_c", "eat_sigint"):
        busy = await play_until_busy(worker, state)
    if state == "forked":
        if not os.fork():
            # A child of the server that holds its sockets open.
            time.sleep(4)
            os._exit(0)
    print(*pids, flush=True)
    await asyncio.sleep(100)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("state", ["preparing", "idle", "forked", "hang_in_c", "eat_sigint", "daemonise"])
def test_nothing_is_left_of_a_server_that_is_killed(packs: Path, tmp_path: Path, state: str):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(packs), state, str(tmp_path / "pid")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    try:
        assert server.stdout is not None
        mark = server.stdout.readline().decode().strip()
        started = [int(pid) for pid in server.stdout.readline().split()]
        assert len(started) == {"preparing": 1, "daemonise": 5}.get(state, 3)
        assert all(is_alive(pid) for pid in started)
    finally:
        server.kill()
        server.wait()
    assert server.stdout is not None
    server.stdout.close()
    # Sooner than the server's own child ends.
    wait_until(lambda: not any(is_alive(pid) for pid in started), 2)
    assert list(marked_processes(mark)) == []
