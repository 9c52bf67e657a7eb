"""The pointer says what is current and what was; anything else in its file is nothing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.environments.pointer import POINTER, Pointer, read_pointer, write_pointer

numbers = st.integers(0, 10**9)


def test_without_a_file_there_is_no_pointer(tmp_path: Path):
    assert read_pointer(tmp_path) is None


@given(moves=st.lists(numbers, max_size=120))
def test_the_pointer_that_is_read_is_the_one_that_was_written(
    moves: list[int], tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("pointer")
    pointer = Pointer()
    for number in moves:
        pointer = pointer.moved_to(number)
        assert pointer.current == number
    write_pointer(folder, pointer)
    assert read_pointer(folder) == pointer
    assert len(pointer.before) <= 50


@given(moves=st.lists(numbers, min_size=1, max_size=40))
def test_what_was_current_is_remembered_the_last_one_first(moves: list[int]):
    pointer = Pointer()
    expected = [0]
    for number in moves:
        pointer = pointer.moved_to(number)
        expected = [number, *(one for one in expected if one != number)]
        assert list(pointer.ever_current) == expected


def test_moving_to_where_it_is_changes_nothing():
    pointer = Pointer(3, (2, 0))
    assert pointer.moved_to(3) is pointer


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"three", b"-1", b"3\n-2\n", b"1.5", b"\xff\xfe", b"\0" * 512, b"3\nx"]
)
def test_a_file_that_holds_something_else_is_no_pointer(content: bytes, tmp_path: Path):
    (tmp_path / POINTER).write_bytes(content)
    assert read_pointer(tmp_path) is None


def test_a_bare_number_is_a_pointer_without_a_past(tmp_path: Path):
    (tmp_path / POINTER).write_text("7")
    assert read_pointer(tmp_path) == Pointer(7)
