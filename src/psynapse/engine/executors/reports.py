"""What a call in a child process says while it goes on, on its way to the parent."""

import itertools
import os
import threading
from collections import deque
from typing import Final

from psynapse.engine.executors.channel import Channel
from psynapse.engine.executors.interruption import Interruption
from psynapse.model.events import Body, OutputStream, TaskOutput, TaskProgress, TaskStreamed

_BATCH_SECONDS: Final = 0.02
_BATCH_TEXTS: Final = 500


class Reports:
    """Where one call's progress, text and output go. Output that comes fast is sent in batches."""

    def __init__(self, channel: Channel, interruption: Interruption) -> None:
        self._channel = channel
        self._interruption = interruption
        self._process = os.getpid()
        # Held by a thread that may say more: an object whose time has come prints in the middle of anything.
        self._lock = threading.RLock()
        self._working = False
        self._said: deque[Body] = deque()
        self._held: list[TaskOutput] = []
        self._timer: threading.Timer | None = None
        self._ended = False

    def add(self, task: int, body: Body) -> None:
        """Send what happened, unless the call has ended or this is a process that user code forked."""
        del task
        if os.getpid() != self._process:
            return
        with self._interruption.shielded(), self._lock:
            if not self._ended:
                self._said.append(body)
                self._work()

    def end(self) -> None:
        """Send what is still held; what comes later is dropped."""
        with self._lock:
            self._work(send=True)
            self._ended = True

    def _work(self, *, send: bool = False) -> None:
        """Do with all that was said what is to be done; with ``send``, hold nothing back.

        Nothing when it is being done already, further up this thread's stack: it is seen to there, in its turn.
        """
        if self._working:
            return
        self._working = True
        try:
            while self._said or (send and self._held):
                if self._said:
                    self._take(self._said.popleft())
                else:
                    self._send_held()
        finally:
            self._working = False

    def _take(self, body: Body) -> None:
        if isinstance(body, TaskOutput):
            self._hold(body)
        elif isinstance(body, (TaskProgress, TaskStreamed)):
            self._send_held()
            self._channel.send(body)

    def _hold(self, body: TaskOutput) -> None:
        self._held.append(body)
        if self._timer is None:
            self._send_held()
            self._timer = threading.Timer(_BATCH_SECONDS, self._on_timer)
            self._timer.daemon = True
            self._timer.start()
        elif len(self._held) > _BATCH_TEXTS:
            self._send_held()

    def _on_timer(self) -> None:
        with self._lock:
            self._timer = None
            if not self._ended:
                self._work(send=True)

    def _send_held(self) -> None:
        held, self._held = self._held, []
        for stream, texts in itertools.groupby(held, _stream_of):
            self._channel.send(TaskOutput(stream, "".join(body.text for body in texts)))


def _stream_of(body: TaskOutput) -> OutputStream:
    return body.stream
