"""What is made once for each object."""

from hypothesis import given
from hypothesis import strategies as st

from psynapse.kinds.memo import once_per_object


@given(st.lists(st.integers(0, 5), max_size=30), st.integers(1, 4))
def test_each_object_gets_what_was_made_of_it_however_few_are_kept(asked: list[int], most: int):
    things = [{"n": 0} for _ in range(6)]
    memo = once_per_object(id, most)
    assert [memo(things[index]) for index in asked] == [id(things[index]) for index in asked]


def test_equal_objects_are_told_apart_and_nothing_is_made_twice():
    made: list[list[int]] = []

    def make(thing: list[int]) -> int:
        made.append(thing)
        return len(made)

    memo, one, other = once_per_object(make), [1], [1]
    assert [memo(one), memo(other), memo(one), memo(other)] == [1, 2, 1, 2]
    assert made == [[1], [1]]


def test_an_object_that_nobody_else_keeps_is_not_mistaken_for_a_later_one():
    def length(thing: list[int]) -> int:
        return len(thing)

    memo = once_per_object(length)
    for size in range(100):
        assert memo([0] * size) == size
