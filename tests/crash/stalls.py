"""Whether a server answers all the time: asked again and again by a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from crash_server import wait_for

LONGEST: Final = 0.25
"""Seconds. An answer takes two milliseconds: one that takes longer than this has waited for something."""
_SLOWER: Final = 5
"""So many times as long as an echo may it take where the machine itself is the slow one."""
_POLLER: Final = """
import http.client, os, socket, sys, time
mine, its = socket.socketpair()
if not os.fork():
    mine.close()
    while its.recv(1):
        its.send(b"x")
    os._exit(0)
its.close()
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
with open(sys.argv[2], "w", buffering=1) as file:
    while True:
        begun = time.monotonic()
        mine.send(b"x")
        mine.recv(1)
        echoed = time.monotonic()
        connection.request("GET", "/health")
        answer = connection.getresponse()
        assert answer.status == 200 and b"healthy" in answer.read()
        print(begun, echoed - begun, time.monotonic() - echoed, file=file)
        time.sleep(0.02)
"""


class _Poll(NamedTuple):
    begun: float
    echo: float
    health: float


class Stalls:
    """The answers of a server so far."""

    def __init__(self, process: "subprocess.Popen[bytes]", file: Path) -> None:
        self._process = process
        self._file = file

    @contextmanager
    def watched(self) -> Generator[None]:
        """Fail when the server has kept somebody waiting during the block, though the machine was not too busy."""
        begun = time.monotonic()
        yield
        ended = time.monotonic()
        wait_for(lambda: self._polls()[-1:] and self._polls()[-1].begun > ended)
        polls = [poll for poll in self._polls() if poll.begun + poll.echo + poll.health > begun and poll.begun < ended]
        slowest, noise = max(poll.health for poll in polls), max(poll.echo for poll in polls)
        # How many want each processor: on a machine that does other things as well everything takes longer.
        crowd = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        if slowest > LONGEST * crowd + _SLOWER * noise:
            pytest.fail(f"/health took {slowest:.3f} s; an echo at that time {noise:.3f} s; {len(polls)} answers")

    def _polls(self) -> list[_Poll]:
        assert self._process.poll() is None, "the server did not answer, or not well"
        lines = self._file.read_text().splitlines(keepends=True)
        return [_Poll(*map(float, line.split())) for line in lines if line.endswith("\n")]


@contextmanager
def polling(url: str, file: Path) -> Generator[Stalls]:
    """Ask ``/health`` fifty times a second until the end of the block."""
    command = [sys.executable, "-c", _POLLER, url.rpartition(":")[2], str(file)]
    with subprocess.Popen(command) as process:
        try:
            wait_for(lambda: file.exists() and file.read_text())
            yield Stalls(process, file)
        finally:
            process.kill()
