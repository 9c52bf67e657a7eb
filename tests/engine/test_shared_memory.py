import contextlib
import gc
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.engine.executors.segment_pool import POOL_BYTES, Peer, SegmentPool, anonymous_file, unlinked_file
from psynapse.engine.executors.shared_memory import MAPPED_FROM, MOST_IN_USE, SHARED_FROM, Arena, Packed, Segment

BIG = 4 * MAPPED_FROM


class OtherSide:
    """A child's arena, in this process: the same memory mapped a second time."""

    def __init__(self, pool: SegmentPool) -> None:
        self.pool = pool
        self.peer = pool.join()
        self.arena = Arena()

    def map_new(self, numbers: set[int]) -> None:
        for segment in self.pool.introduce(self.peer, numbers):
            self.arena.add(Segment(segment.number, os.dup(segment.descriptor), segment.size))

    def receive(self, packed: Packed) -> object:
        self.map_new(packed.segments())
        return self.arena.unpack(packed)

    def reply(self, value: object) -> Packed:
        return self.arena.pack(value, self._allocate)

    def release_all(self) -> None:
        self.pool.release(self.peer, tuple(self.peer.holds.items()))

    def _allocate(self, size: int) -> Segment:
        segment = self.pool.allocate(self.peer, size)
        segment.fresh = False
        self.map_new({segment.number})
        return self.arena.get(segment.number)


@pytest.fixture
def pool() -> Iterator[SegmentPool]:
    pool = SegmentPool()
    yield pool
    pool.close()


@pytest.fixture
def child(pool: SegmentPool) -> Iterator[OtherSide]:
    child = OtherSide(pool)
    yield child
    child.arena.close()


def shared_descriptors() -> int:
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the descriptor that lists this folder is gone already
            found += "memfd:psynapse" in str(link.readlink())
    return found


def array(size: int = BIG) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    return (np.arange(size) % 251).astype(np.uint8)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
    max_leaves=20,
)
lengths = st.sampled_from([0, 1, SHARED_FROM - 1, SHARED_FROM, MAPPED_FROM - 1, MAPPED_FROM, MAPPED_FROM + 1, BIG + 7])


@given(value=plain, sizes=st.lists(lengths, max_size=4), text=lengths)
@settings(max_examples=40, deadline=None)
def test_any_value_arrives_equal_whatever_the_sizes_of_its_parts(value: object, sizes: list[int], text: int) -> None:
    pool = SegmentPool()
    child = OtherSide(pool)
    arrays = [array(size) for size in sizes]
    received = child.receive(pool.pack_for(child.peer, (value, arrays, "x" * text)))
    assert isinstance(received, tuple)
    assert received[0] == value
    assert all(np.array_equal(one, other) for one, other in zip(arrays, received[1], strict=True))
    assert received[2] == "x" * text
    back = pool.unpack(child.reply(received))
    assert pickle.dumps(back) == pickle.dumps(received)
    child.arena.close()
    pool.close()


def test_an_array_that_lies_in_a_segment_is_sent_back_and_on_without_a_copy(
    pool: SegmentPool, child: OtherSide
) -> None:
    other = OtherSide(pool)
    there = child.receive(pool.pack_for(child.peer, array()))
    here = pool.unpack(child.reply(there))
    elsewhere = other.receive(pool.pack_for(other.peer, here))
    in_use, kept = pool.sizes()
    assert (in_use >= BIG, in_use < 2 * BIG, kept) == (True, True, 0)
    assert np.array_equal(np.asarray(elsewhere), array())
    other.arena.close()


def test_a_contiguous_part_of_a_shared_array_is_sent_without_a_copy(pool: SegmentPool, child: OtherSide) -> None:
    there = child.receive(pool.pack_for(child.peer, array()))
    assert isinstance(there, np.ndarray)
    part = child.reply(there[MAPPED_FROM : 3 * MAPPED_FROM])
    assert part.buffers[0].start == MAPPED_FROM
    assert np.array_equal(np.asarray(pool.unpack(part)), array()[MAPPED_FROM : 3 * MAPPED_FROM])


def test_every_second_element_of_a_shared_array_arrives_too(pool: SegmentPool, child: OtherSide) -> None:
    there = child.receive(pool.pack_for(child.peer, array()))
    assert isinstance(there, np.ndarray)
    assert np.array_equal(np.asarray(pool.unpack(child.reply(there[::2]))), array()[::2])


def test_changing_an_arrived_array_in_place_raises(pool: SegmentPool, child: OtherSide) -> None:
    there = child.receive(pool.pack_for(child.peer, array()))
    assert isinstance(there, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        there[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        there.flags.writeable = True


def test_a_segment_is_in_use_until_the_last_view_of_it_is_gone_and_is_then_reused(
    pool: SegmentPool, child: OtherSide
) -> None:
    value = pool.unpack(child.reply(array()))
    child.release_all()
    assert isinstance(value, np.ndarray)
    view = value[5:].reshape(-1)[10:20]
    del value
    assert pool.sizes()[0] >= BIG
    assert bytes(view) == bytes(array()[15:25])
    del view
    in_use, kept = pool.sizes()
    assert (in_use, kept >= BIG) == (0, True)
    pool.allocate(child.peer, BIG)
    assert pool.sizes() == (kept, 0)


def test_a_segment_stays_in_use_while_a_child_holds_it_and_is_freed_when_that_child_dies(
    pool: SegmentPool, child: OtherSide
) -> None:
    pool.pack_for(child.peer, array())
    assert pool.sizes()[0] >= BIG
    pool.part(child.peer)
    assert pool.sizes()[0] == 0


def test_reused_memory_holds_the_new_value_and_never_changes_one_still_in_use(
    pool: SegmentPool, child: OtherSide
) -> None:
    kept = pool.unpack(child.reply(array()))
    child.release_all()
    for number in range(5):
        gone = pool.unpack(child.reply(np.full(BIG, number, np.uint8)))
        child.release_all()
        assert np.all(np.asarray(gone) == number)
        del gone
    assert np.array_equal(np.asarray(kept), array())


def test_memory_kept_for_reuse_is_bounded_and_children_are_told_what_is_gone(
    pool: SegmentPool, child: OtherSide
) -> None:
    quarter = POOL_BYTES // 4
    segments = [pool.allocate(child.peer, quarter) for _ in range(6)]
    pool.introduce(child.peer, {segment.number for segment in segments})
    child.release_all()
    assert pool.sizes()[1] <= POOL_BYTES
    assert len(child.peer.forget) == 2
    assert not child.peer.mapped & set(child.peer.forget)


def test_a_cycle_of_the_garbage_collector_frees_a_segment_too(pool: SegmentPool, child: OtherSide) -> None:
    loop: list[object] = [pool.unpack(child.reply(array()))]
    loop.append(loop)
    child.release_all()
    del loop
    gc.collect()
    assert pool.sizes()[0] == 0


def test_values_outlive_the_pool(pool: SegmentPool, child: OtherSide) -> None:
    value = pool.unpack(child.reply(array()))
    child.arena.close()
    pool.close()
    assert np.array_equal(np.asarray(value), array())


def test_nothing_is_left_open_when_the_pool_and_its_values_are_gone() -> None:
    before = shared_descriptors()
    pool = SegmentPool()
    child = OtherSide(pool)
    value = pool.unpack(child.reply([array(), array()]))
    assert shared_descriptors() > before
    del value
    child.arena.close()
    pool.close()
    del child, pool
    gc.collect()
    assert shared_descriptors() == before


def test_with_very_many_arrays_in_use_further_ones_are_copied_out(pool: SegmentPool, child: OtherSide) -> None:
    values: list[object] = []
    for number in range(MOST_IN_USE + 20):
        values.append(pool.unpack(child.reply(np.full(MAPPED_FROM, number % 256, np.uint8))))
        child.release_all()
    assert pool.sizes()[0] <= MOST_IN_USE * 2 * MAPPED_FROM
    assert all(np.all(np.asarray(value) == number % 256) for number, value in enumerate(values))


def test_a_value_that_cannot_be_pickled_uses_no_memory(pool: SegmentPool) -> None:
    peer: Peer = pool.join()
    with pytest.raises(AttributeError, match="lambda"):
        pool.pack_for(peer, [array(), lambda: None])
    assert pool.sizes() == (0, 0)


def test_more_memory_than_there_can_be_is_an_error_and_leaves_nothing(pool: SegmentPool) -> None:
    before = shared_descriptors()
    with pytest.raises(OSError, match=r"."):
        pool.allocate(pool.join(), 1 << 60)
    assert shared_descriptors() == before
    assert pool.sizes() == (0, 0)


def test_the_file_for_systems_without_memfd_has_no_name_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    descriptor = unlinked_file()
    try:
        os.ftruncate(descriptor, BIG)
        segment = Segment(1, descriptor, BIG, fresh=True)
        segment.write([memoryview(array().tobytes())])
        assert bytes(segment.mapping[:BIG]) == array().tobytes()
        assert list(tmp_path.iterdir()) == []
    finally:
        os.close(descriptor)


def test_an_anonymous_file_has_the_size_asked_for() -> None:
    descriptor = anonymous_file(12_345)
    assert os.fstat(descriptor).st_size == 12_345
    os.close(descriptor)
