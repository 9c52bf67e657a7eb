"""Values between processes: one pickle, and large buffers in memory that both sides have mapped.

A buffer that already lies in shared memory is sent as three numbers. Fresh pages cost far more than copying (34 ms
against 5 ms per 100 MB), so segments are reused once nothing on any side refers to them. An array that arrives this
way is read-only: it may be the same memory in several processes.
"""

import contextlib
import ctypes
import mmap
import os
import pickle
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

SHARED_FROM: Final = 64 * 1024
"""Buffers and pickles of at least this many bytes travel in shared memory."""

MAPPED_FROM: Final = 1024 * 1024
"""Smaller buffers are copied out on arrival: holding a segment for them would cost more than the copy."""

MOST_IN_USE: Final = 200
"""With so many segments in use here, arriving buffers are copied out: each segment costs two descriptors."""

_Lease: TypeAlias = "weakref.ref[ctypes.Array[ctypes.c_ubyte]]"
_ALIGNMENT: Final = 64
_POPULATE_WRITE: Final = 23  # MADV_POPULATE_WRITE, which module mmap does not name


class Span(NamedTuple):
    """Some bytes of a segment."""

    segment: int
    start: int
    length: int


class Packed(NamedTuple):
    """A value ready to be sent: its pickle, and where the pickle's large buffers lie."""

    pickle: bytes | Span
    buffers: tuple[Span, ...]

    def segments(self) -> set[int]:
        """The numbers of all segments it refers to."""
        spans = self.buffers if isinstance(self.pickle, bytes) else (*self.buffers, self.pickle)
        return {span.segment for span in spans}


class Segment:
    """Memory that several processes have mapped. ``number`` is the same in all of them."""

    def __init__(self, number: int, descriptor: int, size: int, *, fresh: bool = False) -> None:
        self.number = number
        self.descriptor = descriptor
        self.size = size
        self.leases = 0
        self.mapping = mmap.mmap(descriptor, size)
        self.address = ctypes.addressof(ctypes.c_ubyte.from_buffer(self.mapping))
        self.fresh = fresh
        self._populated = False

    def write(self, pieces: Iterable[memoryview]) -> list[Span]:
        """Copy the pieces in, one behind the other. Raises OSError when memory runs out."""
        # Writing to the file allocates pages at twice the speed of touching them one by one.
        put = self._put_fresh if self.fresh else self._put
        self.fresh = False
        spans: list[Span] = []
        start = 0
        for piece in pieces:
            put(start, piece)
            spans.append(Span(self.number, start, len(piece)))
            start += _aligned(len(piece))
        return spans

    def _put_fresh(self, start: int, piece: memoryview) -> None:
        done = 0
        while done < len(piece):
            done += os.pwrite(self.descriptor, piece[done:], start + done)

    def _put(self, start: int, piece: memoryview) -> None:
        if not self._populated and sys.platform == "linux":
            self._populated = True
            # Where the system does not know this, touching the pages does the same, more slowly.
            with contextlib.suppress(OSError):
                self.mapping.madvise(_POPULATE_WRITE)
        self.mapping[start : start + len(piece)] = piece

    def close(self) -> None:
        """Let go of it here; its memory goes when every process has, and no value is left in it."""
        os.close(self.descriptor)


class Arena:
    """The segments this process has mapped, and which of them its values refer to."""

    def __init__(self) -> None:
        self._segments: dict[int, Segment] = {}
        # Not reentrant: a lease can end, through the garbage collector, in a thread that holds it.
        self._lock = threading.Lock()
        # By id: these references have no hash, as what they refer to has none.
        self._leases: dict[int, tuple[_Lease, Segment]] = {}
        self._ended: deque[_Lease] = deque()

    def add(self, segment: Segment) -> None:
        """Take up a segment that another process made."""
        with self._lock:
            self._segments[segment.number] = segment

    def remove(self, number: int) -> None:
        """Forget a segment."""
        with self._lock:
            self._segments.pop(number).close()

    def close(self) -> None:
        """Forget all segments. Values that lie in one keep its memory until they are gone."""
        with self._lock:
            for segment in self._segments.values():
                segment.close()
            self._segments.clear()

    def get(self, number: int) -> Segment:
        """The segment of that number."""
        with self._lock:
            return self._segments[number]

    def in_use(self, numbers: Iterable[int]) -> set[int]:
        """Those of the segments that values of this process lie in."""
        with self._lock:
            self._settle()
            return {number for number in numbers if self._segments[number].leases}

    def pack(self, value: object, allocate: Callable[[int], Segment]) -> Packed:
        """Pickle a value; ``allocate`` provides a segment of some size for buffers that do not lie in one yet.

        Raises what pickling the value raises, and OSError when there is no memory.
        """
        large: list[memoryview] = []

        def stays_in_band(buffer: pickle.PickleBuffer) -> bool:
            view = _contiguous(buffer)
            if view is None or len(view) < SHARED_FROM:
                return True
            large.append(view)
            return False

        body = pickle.dumps(value, protocol=5, buffer_callback=stays_in_band)
        known = [self._locate(view) for view in large]
        new = [view for view, span in zip(large, known, strict=True) if span is None]
        if len(body) >= SHARED_FROM:
            new.append(memoryview(body))
        copies = iter(allocate(sum(_aligned(len(view)) for view in new)).write(new) if new else ())
        buffers = tuple(span or next(copies) for span in known)
        return Packed(next(copies, body), buffers)

    def unpack(self, packed: Packed) -> object:
        """The value. Segments that its large buffers lie in count as used until they are gone.

        Raises what unpickling raises.
        """
        with self._lock:
            buffers = [self._arrive(span) for span in packed.buffers]
        if isinstance(packed.pickle, bytes):
            return pickle.loads(packed.pickle, buffers=buffers)  # noqa: S301 -- both sides run the same user's code
        number, start, length = packed.pickle
        with memoryview(self._segments[number].mapping)[start : start + length] as body:
            return pickle.loads(body, buffers=buffers)  # noqa: S301 -- as above

    def _locate(self, view: memoryview) -> Span | None:
        address = _address_of(view)
        with self._lock:
            for segment in self._segments.values():
                start = address - segment.address
                if segment.leases and 0 <= start <= segment.size - len(view):
                    return Span(segment.number, start, len(view))
        return None

    def _arrive(self, span: Span) -> memoryview | bytes:
        segment = self._segments[span.segment]
        if span.length < MAPPED_FROM or not (segment.leases or self._has_room()):
            return segment.mapping[span.start : span.start + span.length]
        lease = (ctypes.c_ubyte * span.length).from_buffer(segment.mapping, span.start)
        reference = weakref.ref(lease, self._on_ended)
        self._leases[id(reference)] = reference, segment
        segment.leases += 1
        return memoryview(lease).cast("B").toreadonly()

    def _has_room(self) -> bool:
        return sum(segment.leases > 0 for segment in self._segments.values()) < MOST_IN_USE

    def _on_ended(self, lease: "_Lease") -> None:
        """The last array that lay in a lease is gone."""
        self._ended.append(lease)
        if self._lock.acquire(blocking=False):
            try:
                self._settle()
            finally:
                self._lock.release()

    def _settle(self) -> None:
        """Count the leases that have ended."""
        while self._ended:
            _, segment = self._leases.pop(id(self._ended.popleft()))
            segment.leases -= 1
            self._unused(segment)

    def _unused(self, segment: Segment) -> None:
        """One lease of ``segment`` less."""


class _Buffer(ctypes.Structure):
    """C's Py_buffer: the only way to learn where a read-only buffer lies."""

    _fields_ = (
        ("start", ctypes.c_void_p),
        ("owner", ctypes.c_void_p),
        ("length", ctypes.c_ssize_t),
        ("itemsize", ctypes.c_ssize_t),
        ("readonly", ctypes.c_int),
        ("dimensions", ctypes.c_int),
        ("rest", ctypes.c_void_p * 5),
    )


def _address_of(view: memoryview) -> int:
    buffer = _Buffer()
    ctypes.pythonapi.PyObject_GetBuffer(ctypes.py_object(view), ctypes.byref(buffer), 0)
    address = buffer.start or 0
    ctypes.pythonapi.PyBuffer_Release(ctypes.byref(buffer))
    return address


def _contiguous(buffer: pickle.PickleBuffer) -> memoryview | None:
    try:
        return buffer.raw()
    except BufferError:
        return None


def _aligned(length: int) -> int:
    return -(-length // _ALIGNMENT) * _ALIGNMENT
