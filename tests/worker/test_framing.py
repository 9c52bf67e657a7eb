"""Frames over real sockets: whole, cut off, too long, from several threads, and after a fork."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.errors import WorkerError
from psynapse.worker.framing import FrameSocket
from psynapse.worker.protocol import HEADER, LONGEST

Pair = tuple[FrameSocket, socket.socket]
frames = st.tuples(st.integers(0, 255), st.binary(max_size=300))


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A frame socket, and what is at its other end."""
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    with ours, theirs:
        yield FrameSocket(ours), theirs


@given(st.lists(frames, max_size=8))
def test_frames_arrive_whole_and_in_order(sent: list[tuple[int, bytes]]):
    ours, theirs = socket.socketpair()
    sender, receiver = FrameSocket(ours), FrameSocket(theirs)
    for kind, payload in sent:
        sender.send(kind, payload)
    sender.close()
    received: list[tuple[int, bytes]] = []
    while (frame := receiver.receive()) is not None:
        received.append(frame)
    receiver.close()
    assert received == sent


def test_a_frame_larger_than_any_buffer_arrives(pair: Pair):
    ours, theirs = pair
    payload = os.urandom(5_000_000)
    sending = threading.Thread(target=ours.send, args=(7, payload))
    sending.start()
    assert FrameSocket(theirs).receive() == (7, payload)
    sending.join(10)


def test_frames_of_several_threads_do_not_mix(pair: Pair):
    ours, theirs = pair
    threads = [threading.Thread(target=ours.send, args=(kind, bytes([kind]) * 300_000)) for kind in range(8)]
    for thread in threads:
        thread.start()
    receiver = FrameSocket(theirs)
    received = [receiver.receive() for _ in threads]
    for thread in threads:
        thread.join(10)
    assert sorted(frame for frame in received if frame) == [(kind, bytes([kind]) * 300_000) for kind in range(8)]


@pytest.mark.parametrize("part", [b"", b"\0\0", HEADER.pack(10, 1), HEADER.pack(10, 1) + b"123456789"])
def test_a_frame_that_is_cut_off_is_an_end(pair: Pair, part: bytes):
    ours, theirs = pair
    theirs.sendall(part)
    theirs.close()
    assert ours.receive() is None


def test_a_frame_longer_than_there_can_be_is_refused_before_it_is_read(pair: Pair):
    ours, theirs = pair
    theirs.sendall(HEADER.pack(LONGEST + 1, 1))
    with pytest.raises(WorkerError, match="2,147,483,649 bytes"):
        ours.receive()


def test_sending_to_nobody_is_an_error(pair: Pair):
    ours, theirs = pair
    theirs.close()
    with pytest.raises(OSError, match="pipe"):
        ours.send(1, b"x")


def test_a_forked_process_does_not_speak_for_its_parent(pair: Pair):
    ours, theirs = pair
    child = os.fork()
    if not child:
        try:
            ours.send(1, b"from the child")
        finally:
            os._exit(9)
    _, status = os.waitpid(child, 0)
    ours.send(2, b"from the parent")
    assert os.waitstatus_to_exitcode(status) == 0
    assert FrameSocket(theirs).receive() == (2, b"from the parent")
