"""The nodes of the pack ``demo``: functions, progress and streams."""

import asyncio
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.catalog.loading import load_file
from psynapse.catalog.nodepacks import Nodepack, shipped_root
from psynapse.model.authoring import OPTIONS_ATTRIBUTE

_FILES = ("ops.py", "progress_ops.py", "stream_ops.py")
_PACK = Nodepack("demo", shipped_root() / "demo", "shipped", _FILES)
ops: Any
progress_ops: Any
stream_ops: Any
ops, progress_ops, stream_ops = [load_file(_PACK, name) for name in _FILES]


def progressing(name: str) -> tuple[Any, list[tuple[float, str]]]:
    """A new instance of a progress class, and the list its updates go to."""
    node, updates = getattr(progress_ops, name)(), list[tuple[float, str]]()
    node._progress_reporter.set_callback(lambda fraction, message: updates.append((fraction, message)))
    return node, updates


def streaming(name: str) -> tuple[Any, list[str]]:
    """A new instance of a stream class, and the list its chunks go to."""
    node, chunks = getattr(stream_ops, name)(), list[str]()
    node._stream_reporter.set_callback(chunks.append)
    return node, chunks


def test_fibonacci_numbers_are_sums_of_the_two_before():
    assert [ops.fibonacci(count) for count in (0, 1, 8)] == [[], [0], [0, 1, 1, 2, 3, 5, 8, 13]]
    assert len(ops.fibonacci(10_000)) == 10_000


def test_words_are_counted():
    assert ops.word_count("one two\nthree") == {"words": 3, "characters": 13, "lines": 2}
    assert ops.word_count("") == {"words": 0, "characters": 0, "lines": 0}


@given(st.text(), st.integers())
def test_what_caesar_encoded_he_can_decode(text: str, shift: int):
    assert ops.caesar_cipher(ops.caesar_cipher(text, shift), shift, "decode") == text


def test_caesar_moves_letters_only():
    assert ops.caesar_cipher("Xyz, ä 1!") == "Abc, ä 1!"


def test_the_mandelbrot_set_is_symmetric_and_has_the_size_asked_for():
    lines = ops.mandelbrot(40, 20).split("\n")
    assert [len(line) for line in lines] == [40] * 20
    assert lines == lines[::-1]
    assert lines[10][20] == "@"
    assert lines[0][0] == " "
    assert ops.mandelbrot(1, 1, 1) == "@"


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (1, 0), (2, 1), (10, 4), (100, 25), (10_000, 1229)])
def test_primes_are_counted(limit: int, count: int):
    assert ops.count_primes(limit) == count


def test_primes_are_counted_in_a_process():
    assert getattr(ops.count_primes, OPTIONS_ATTRIBUTE).executor == "process"


def test_waiting_passes_the_value_on_and_waits_overlap():
    async def three() -> list[object]:
        return await asyncio.gather(*(ops.wait_and_return(value, 0.1) for value in "abc"))

    start = time.perf_counter()
    assert asyncio.run(three()) == ["a", "b", "c"]
    assert 0.09 < time.perf_counter() - start < 0.25


def test_counting_reports_every_step():
    node, updates = progressing("CountSlowly")
    assert node(4, 0) == "Counted to 4"
    assert [fraction for fraction, _ in updates] == [0.25, 0.5, 0.75, 1.0]
    assert updates[-1][1] == "Step 4 of 4"
    assert progressing("CountSlowly")[0](0, 0) == "Counted to 0"


def test_items_are_processed_one_after_the_other():
    node, updates = progressing("ProcessItems")
    assert node(["ab", 12], "reverse", 0) == ["ba", "21"]
    assert updates == [(0.5, "1 of 2: ab"), (1.0, "2 of 2: 12")]
    assert node(["ab", None], "length", 0) == [2, 4]
    assert node([], delay=0) == []
    node(["x" * 10_000], delay=0)
    assert len(updates[-1][1]) < 100


@settings(deadline=None)
@given(st.text())
def test_a_streamed_text_arrives_whole(text: str):
    node, chunks = streaming("StreamWords")
    assert node(text, 0) == text == "".join(chunks)
    assert all(chunks)


def test_words_are_streamed_one_by_one():
    node, chunks = streaming("StreamWords")
    node(" two  words\n", 0)
    assert chunks == [" two", "  words", "\n"]


def test_a_long_text_is_streamed_quickly():
    node, chunks = streaming("StreamWords")
    start = time.perf_counter()
    node("word " * 20_000 + " " * 100_000, 0)
    assert len(chunks) == 20_001
    assert time.perf_counter() - start < 10


def test_a_story_is_the_same_for_the_same_seed():
    node, chunks = streaming("StreamStory")
    story = node("Ada", "on the moon", 5, 0, seed=3)
    assert story == "".join(chunks)
    assert story == streaming("StreamStory")[0]("Ada", "on the moon", 5, 0, seed=3)
    assert len({node("Ada", "on the moon", 5, 0, seed=seed) for seed in range(10)}) > 1
    assert "Ada" in story
    assert "on the moon" in story


@settings(deadline=None)
@given(st.integers(2, 50), st.integers())
def test_a_story_has_the_sentences_asked_for(sentences: int, seed: int):
    assert streaming("StreamStory")[0]("Ada", "by the sea", sentences, 0, seed).count(".") == sentences


def test_a_hero_may_have_any_name():
    story = streaming("StreamStory")[0]("{place} {0.x}", delay=0)
    assert "{place} {0.x}" in story
