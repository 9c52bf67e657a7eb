"""The parent's side of shared memory: who uses which segment, and which are kept for reuse."""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from psynapse.engine.executors.shared_memory import MAPPED_FROM, Arena, Packed, Segment

POOL_BYTES: Final = 512 * 1024 * 1024
"""How much unused shared memory is kept for reuse."""


class Peer:
    """What the parent knows about one child's use of shared memory."""

    def __init__(self) -> None:
        self.mapped: set[int] = set()
        self.holds: Counter[int] = Counter()
        self.forget: list[int] = []


class SegmentPool(Arena):
    """The parent's arena: makes all segments, knows which child uses which, and keeps some for reuse."""

    def __init__(self) -> None:
        super().__init__()
        self._peers: list[Peer] = []
        self._next = 0
        self._free: list[Segment] = []

    def join(self) -> Peer:
        """A new child."""
        peer = Peer()
        with self._lock:
            self._peers.append(peer)
        return peer

    def part(self, peer: Peer) -> None:
        """A child is gone, and with it all it used."""
        self.release(peer, tuple(peer.holds.items()))
        with self._lock:
            self._peers.remove(peer)

    def pack_for(self, peer: Peer, value: object) -> Packed:
        """Pack a value for one child, which holds the segments it lies in until it releases them."""
        own: list[Segment] = []

        def allocate(size: int) -> Segment:
            own.append(self.allocate(peer, size))
            return own[0]

        try:
            packed = self.pack(value, allocate)
        except OSError:
            self.release(peer, tuple((segment.number, 1) for segment in own))
            raise
        with self._lock:
            peer.holds.update(packed.segments().difference(segment.number for segment in own))
        return packed

    def allocate(self, peer: Peer, size: int) -> Segment:
        """A segment of at least ``size`` bytes that ``peer`` holds. Raises OSError when there is no memory."""
        with self._lock:
            self._settle()
            fitting = [segment for segment in self._free if size <= segment.size <= max(2 * size, MAPPED_FROM)]
            segment = min(fitting, key=lambda segment: segment.size) if fitting else self._create(_rounded(size))
            if fitting:
                self._free.remove(segment)
            peer.holds[segment.number] += 1
            return segment

    def introduce(self, peer: Peer, numbers: set[int]) -> list[Segment]:
        """Those of the segments that ``peer`` has not mapped yet; from now on they count as mapped."""
        with self._lock:
            new = sorted(numbers - peer.mapped)
            peer.mapped.update(new)
            return [self._segments[number] for number in new]

    def release(self, peer: Peer, counts: Iterable[tuple[int, int]]) -> None:
        """``peer`` no longer uses segments that it was given so many times."""
        with self._lock:
            self._settle()
            for number, count in counts:
                peer.holds[number] -= count
                if number in self._segments:
                    self._unused(self._segments[number])

    def close(self) -> None:
        """Give back all memory but that which values here still lie in."""
        with self._lock:
            self._free.clear()
        super().close()

    def sizes(self) -> tuple[int, int]:
        """Bytes of shared memory in use on any side, and bytes kept for reuse."""
        with self._lock:
            self._settle()
            free = sum(segment.size for segment in self._free)
            return sum(segment.size for segment in self._segments.values()) - free, free

    def _create(self, size: int) -> Segment:
        descriptor = anonymous_file(size)
        self._next += 1
        try:
            segment = Segment(self._next, descriptor, size, fresh=True)
        except OSError:
            os.close(descriptor)
            raise
        self._segments[segment.number] = segment
        return segment

    def _unused(self, segment: Segment) -> None:
        if segment.number not in self._segments or segment.leases or segment in self._free:
            return
        if any(peer.holds[segment.number] > 0 for peer in self._peers):
            return
        self._free.append(segment)
        while sum(one.size for one in self._free) > POOL_BYTES:
            self._discard(self._free.pop(0))

    def _discard(self, segment: Segment) -> None:
        del self._segments[segment.number]
        # Children learn of it with their next call; the memory itself goes now.
        os.ftruncate(segment.descriptor, 0)
        segment.close()
        for peer in self._peers:
            if segment.number in peer.mapped:
                peer.mapped.remove(segment.number)
                peer.forget.append(segment.number)


def anonymous_file(size: int) -> int:
    """The descriptor of a file of ``size`` bytes that has no name, so nothing is left of it after a crash."""
    descriptor = os.memfd_create("psynapse") if sys.platform == "linux" else unlinked_file()
    try:
        os.ftruncate(descriptor, size)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def unlinked_file() -> int:
    """The descriptor of an empty temporary file whose name is already gone, for systems without memfd."""
    descriptor, path = tempfile.mkstemp(prefix="psynapse-")
    Path(path).unlink()
    return descriptor


def _rounded(size: int) -> int:
    """Up to the next quarter of a power of two: pages never written cost nothing, and more sizes fit later."""
    step = max(MAPPED_FROM, 1 << max(0, size.bit_length() - 3))
    return -(-size // step) * step
