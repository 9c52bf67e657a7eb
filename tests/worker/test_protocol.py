"""What a worker process answers, frame by frame, to what makes sense and what does not."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from worker_bench import encoded_plan, encoded_request, is_alive, wait_until

from psynapse.model.ids import Ref
from psynapse.model.json_text import dumps, loads
from psynapse.worker import protocol
from psynapse.worker.framing import FrameSocket
from psynapse.worker.process import StartedProcess, WorkerSpec, marked_processes, start_process
from psynapse.worker.transfer import catalog_from_json


class Line:
    """The server's end of both sockets."""

    def __init__(self, process: StartedProcess) -> None:
        self.process = process
        process.work.settimeout(20)
        self.work = FrameSocket(process.work)
        self.control = FrameSocket(process.control)
        kind, payload = self._frame()
        assert kind == protocol.HELLO
        self.hello: Any = loads(payload)
        self.catalog = catalog_from_json(self.hello["catalog"])

    def ask(self, kind: int, payload: bytes) -> tuple[int, Any]:
        """Send a frame; the answer to it, records left out."""
        self.work.send(kind, payload)
        return self.next_answer()

    def next_answer(self) -> tuple[int, Any]:
        while (frame := self._frame())[0] in {protocol.RECORDS, protocol.PIECE, protocol.CONDITION}:
            pass
        return frame[0], loads(frame[1])

    def next_frame(self) -> tuple[int, Any]:
        kind, payload = self._frame()
        return kind, loads(payload)

    def run(self, run: str = "run", function: str = "add", **ports: Any) -> tuple[int, Any]:
        plan = encoded_plan(self.catalog, node=(function, ports), view="node")
        return self.ask(protocol.RUN, encoded_request(run) + b"\n" + plan)

    def _frame(self) -> tuple[int, bytes]:
        frame = self.work.receive()
        assert frame is not None
        return frame


@pytest.fixture
def line(spec: WorkerSpec) -> Iterator[Line]:
    process = start_process(spec)
    try:
        yield Line(process)
    finally:
        process.kill()
        process.close()


def test_a_worker_introduces_itself(line: Line):
    assert line.hello["version"] == protocol.VERSION
    assert line.hello["pid"] == line.process.popen.pid
    assert line.catalog[Ref("misbehaving/ops.py:add")].name == "add"


def test_a_run_is_answered_with_its_end_and_the_values_of_its_views(line: Line):
    kind, answer = line.run("seven", a=3)
    ending = {"run": "seven", "status": "succeeded", "pieces": [["view", 1]]}
    assert (kind, answer) == (protocol.FINISHED, ending)
    assert line.next_frame() == (protocol.PIECE, 4)


def test_once_a_run_has_ended_its_worker_says_whether_it_may_have_another(line: Line):
    line.run(a=3)
    assert line.next_frame()[0] == protocol.PIECE
    assert line.next_frame() == (protocol.CONDITION, {"damage": ""})


@given(folder=st.sampled_from(["/runs/1", "runs/2", "."]), nodes=st.lists(st.text(min_size=1), min_size=2, unique=True))
@example(folder="/runs/1", nodes=["../../etc/passwd", "/etc/passwd", "a/b", "\0", ".", "..", "\ud800", "x" * 5000])
def test_each_node_has_a_file_of_its_own_right_in_the_folder(folder: str, nodes: list[str]):
    files = [protocol.value_file(folder, node) for node in nodes]
    assert {file.parent for file in files} == {Path(folder)}
    assert len(set(files)) == len(nodes)
    assert all(re.fullmatch(r"[0-9a-f]{32}\.json", file.name) for file in files)
    assert files == [protocol.value_file(folder, node) for node in nodes]


EMPTY_PLAN = {"patterns": [], "numbers": [], "nodes": [], "constants": [], "sources": [], "names": {}, "blocked": {}}
FED_FROM_NOWHERE = EMPTY_PLAN | {
    "patterns": [["viewNode", "n", None, [["input", None]]]],
    "numbers": [0],
    "nodes": ["n"],
    "constants": [{}],
    "sources": [9],
}
NO_REQUESTS = {
    "of an unknown kind": (ord("?"), b"{}"),
    "that is not JSON": (protocol.RUN, b"run!"),
    "without a plan": (protocol.RUN, encoded_request()),
    "of something else": (protocol.RUN, b"{}\n{}"),
    "with a plan that is none": (protocol.RUN, encoded_request() + b'\n{"tasks": 3}'),
    "with a plan whose target is missing": (
        protocol.RUN,
        encoded_request() + b"\n" + dumps(EMPTY_PLAN | {"targets": [4]}),
    ),
    "with a task fed from nowhere": (
        protocol.RUN,
        encoded_request() + b"\n" + dumps(FED_FROM_NOWHERE | {"targets": []}),
    ),
    "to fetch nothing": (protocol.FETCH, b"{}"),
    "to fetch what is not there": (
        protocol.FETCH,
        dumps({"run": "x", "node": "y", "handle": "", "start": 0, "count": 0}),
    ),
}


@pytest.mark.parametrize("case", NO_REQUESTS)
def test_a_request_that_makes_no_sense_is_a_problem_and_the_next_is_answered(line: Line, case: str):
    kind, problem = line.ask(*NO_REQUESTS[case])
    assert kind == protocol.PROBLEM
    assert problem["code"]
    assert problem["message"]
    assert line.run(a=1)[1]["pieces"] == [["view", 1]]
    assert line.next_frame() == (protocol.PIECE, 2)


@pytest.mark.parametrize(
    "nonsense",
    [b"?", b"{}", b'{"run": "busy", "verb": "sing", "task": 0}', b'{"run": "busy", "verb": "break", "task": 99}'],
)
def test_after_a_control_that_makes_no_sense_a_run_can_still_be_cancelled(line: Line, nonsense: bytes):
    plan = encoded_plan(line.catalog, node=("hang_in_python", {}))
    line.work.send(protocol.RUN, encoded_request("busy") + b"\n" + plan)
    wait_until(lambda: 0 in line.process.whereabouts)
    line.control.send(protocol.CONTROL, nonsense)
    line.control.send(protocol.CONTROL, b'{"run": "busy", "verb": "cancel", "task": -1}')
    kind, answer = line.next_answer()
    assert (kind, answer["run"], answer["status"]) == (protocol.FINISHED, "busy", "cancelled")


def test_a_run_cancelled_before_it_arrives_runs_nothing(line: Line):
    line.control.send(protocol.CONTROL, b'{"run": "early", "verb": "cancel", "task": -1}')
    time.sleep(0.2)
    kind, answer = line.run("early", a=1)
    assert (kind, answer["status"], answer["pieces"]) == (protocol.FINISHED, "cancelled", [["view", 1]])
    assert line.next_frame() == (protocol.PIECE, None)
    assert line.run("later", a=1)[1]["status"] == "succeeded"


@pytest.mark.parametrize("part", [b"", b"\0", protocol.HEADER.pack(100, protocol.RUN) + b"{"])
def test_a_worker_ends_when_its_server_hangs_up_even_within_a_frame(line: Line, part: bytes):
    line.process.work.sendall(part)
    line.process.work.close()
    assert line.process.popen.wait(10) == 0


def test_a_worker_ends_at_a_frame_that_is_longer_than_any(line: Line):
    line.process.work.sendall(protocol.HEADER.pack(protocol.LONGEST + 1, protocol.RUN))
    assert line.process.popen.wait(10) == 1


def test_a_busy_worker_ends_when_the_control_socket_closes(line: Line):
    plan = encoded_plan(line.catalog, node=("hang_in_c", {}))
    line.work.send(protocol.RUN, encoded_request() + b"\n" + plan)
    wait_until(lambda: 0 in line.process.whereabouts)
    line.control.close()
    assert line.process.popen.wait(10) == 0
    assert list(marked_processes(line.process.mark)) == []
    assert not is_alive(line.process.popen.pid)
