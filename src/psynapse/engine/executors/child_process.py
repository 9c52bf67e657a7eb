"""One child process as its executor sees it: started, listened to, interrupted, ended."""

import contextlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from typing import Final

from psynapse.engine.executors.channel import Channel, Garbled, Granted, Hello, Idle, Message, NewSegments, Start
from psynapse.engine.executors.segment_pool import SegmentPool
from psynapse.engine.executors.shared_memory import Packed
from psynapse.model.operation import Address

_MODULE: Final = "psynapse.engine.executors.child"
_PATIENCE_SECONDS: Final = 1.0
_SEND_SECONDS: Final = 10
_SETTLE_SECONDS: Final = 5.0


class ChildProcess:
    """A process that runs ``psynapse.engine.executors.child``. Only one thread receives from it.

    Its death is seen by the process itself, not by the end of the socket, which a process it forked may keep open.
    Raises OSError when it cannot be started.
    """

    def __init__(self, pool: SegmentPool) -> None:
        if not hasattr(socket, "send_fds"):
            raise OSError("this system cannot pass open files from one process to another")
        ours, theirs = socket.socketpair()
        # A stopped child must not block its executor for ever.
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_SECONDS, 0))
        self.channel = Channel(ours)
        try:
            self._process = _spawn(theirs)
        except OSError:
            self.channel.close()
            raise
        finally:
            theirs.close()
        self._pool = pool
        self.peer = pool.join()
        self._lock = threading.Lock()
        self._reaped = False
        self._busy = True  # until it says that it has started
        self._watch = _watch(self._process.pid)
        self._poll = select.poll()
        self._poll.register(ours, select.POLLIN)
        if self._watch is not None:
            self._poll.register(self._watch, select.POLLIN)
        with contextlib.suppress(OSError):  # if it is dead already, the call that comes now will tell
            self.channel.send(Hello(list(sys.path), _nodepack_roots()))

    def receive(self, seconds: float) -> Message | None:
        """The next message, or None when none comes in that time.

        Raises EOFError, OSError or Garbled when none will come any more.
        """
        received = self.channel.receive(wait=False)
        if received is None:
            self._poll.poll(seconds * 1000)
            # Asked first: what it sent before it ended is there then.
            ended = self.has_ended()
            received = self.channel.receive(wait=False)
            if received is None and ended:
                raise EOFError
        return received[0] if received else None

    def start(self, address: Address, arguments: Packed, *, is_class: bool, is_async: bool) -> None:
        """Have it carry out a call. Raises OSError when it is dead; then the call has not begun."""
        new, descriptors = self._introduce(arguments.segments())
        forget, self.peer.forget = tuple(self.peer.forget), []
        self.channel.send(Start(address, is_class, is_async, arguments, new, forget), descriptors)
        self._busy = True

    def grant(self, size: int) -> None:
        """Give it a segment of at least ``size`` bytes, or tell it why there is none."""
        try:
            segment = self._pool.allocate(self.peer, size)
        except OSError as problem:
            self.channel.send(Granted(problem=f"no shared memory of {size:,} bytes: {problem}"))
            return
        fresh, segment.fresh = segment.fresh, False
        new, descriptors = self._introduce({segment.number})
        self.channel.send(Granted(segment.number, fresh, new), descriptors)

    def settle(self) -> bool:
        """Wait until it is ready, and has let go of a call's values; False when it does not, or is dead."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while self._busy and (left := deadline - time.monotonic()) > 0:
            try:
                message = self.receive(left)
            except (EOFError, OSError, Garbled):
                return False
            if isinstance(message, Idle):
                self._pool.release(self.peer, message.released)
                self._busy = False
        return not self._busy

    def has_ended(self) -> bool:
        """Whether the process is dead."""
        if not hasattr(os, "waitid"):  # macOS: reaps it as well
            return self._process.poll() is not None
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def interrupt(self) -> None:
        """Ask it to stop what it does."""
        with self._lock:
            if not self._reaped:
                os.kill(self._process.pid, signal.SIGINT)

    def kill(self) -> None:
        """Kill it, and processes it started that stayed in its group."""
        with self._lock:
            self._kill()

    def end(self) -> int | None:
        """End it and what it started; returns its exit status, or None when it had to be killed."""
        self.channel.close()
        ended = self._wait(_PATIENCE_SECONDS)
        with self._lock:
            # Before it is reaped: until then nobody else can have its number.
            self._kill()
            status = self._process.wait()
            self._reaped = True
        if self._watch is not None:
            os.close(self._watch)
        self._pool.part(self.peer)
        return status if ended else None

    def _introduce(self, numbers: set[int]) -> tuple[NewSegments, list[int]]:
        new = self._pool.introduce(self.peer, numbers)
        return tuple((segment.number, segment.size) for segment in new), [segment.descriptor for segment in new]

    def _wait(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        watched = [] if self._watch is None else [self._watch]
        while not (ended := self.has_ended()) and (left := deadline - time.monotonic()) > 0:
            select.select(watched, [], [], left if watched else 0.005)
        return ended

    def _kill(self) -> None:
        if not self._reaped and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def describe_end(status: int | None) -> tuple[str, str]:
    """How a process ended, as the rest of a sentence, and what to do. A status of None: it had to be killed."""
    if status is None:
        return "closed its connection", "a node must not close or write to files that it has not opened"
    if status < 0:
        hint = "a library it calls crashed, memory ran out, or somebody ended it; other calls go on in other processes"
        return f"was killed by {_signal_name(-status)}", hint
    return (
        f"ended with exit code {status}",
        "the node or a library it calls ended the process; a node returns or raises",
    )


def _spawn(theirs: socket.socket) -> "subprocess.Popen[bytes]":
    # -P: the current folder must not come before the standard library. A group of its own: Ctrl+C in a terminal is for
    # the parent, which cancels; and what the child starts can be ended with it.
    command = [sys.executable, "-P", "-m", _MODULE, str(theirs.fileno()), str(os.getpid())]
    return subprocess.Popen(  # noqa: S603 -- our own module
        command, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), process_group=0
    )


def _watch(process: int) -> int | None:
    """A descriptor that becomes readable when the process ends, where the system has such a thing."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(process)
    except OSError:  # an older kernel
        return None


def _nodepack_roots() -> list[str]:
    """Folders of nodepacks this process has imported from: values of classes defined there must arrive in the child."""
    roots = [module for name, module in list(sys.modules.items()) if name.startswith("nodepacks_") and "." not in name]
    return [str(folder) for root in roots for folder in root.__path__]


def _signal_name(number: int) -> str:
    try:
        return f"{signal.Signals(number).name} ({signal.strsignal(number)})"
    except ValueError:
        return f"signal {number}"
