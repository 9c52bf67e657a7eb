"""JSON as bytes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.model.json_text import dumps, loads

json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(2**63 - 2, 2**65),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)


@given(json_values)
def test_what_is_written_is_read_again_exactly_and_by_everybody(value: Any):
    text = dumps(value)
    assert repr(loads(text)) == repr(value)
    assert repr(json.loads(text)) == repr(value)


@pytest.mark.parametrize(
    "number", [2**63, 2**64, -(2**64), 10**30, 10**300], ids=lambda value: f"{len(str(value))} digits"
)
def test_long_integers_are_exact(number: int):
    assert loads(dumps([number])) == [number]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"NaN", b"[1,]", b"\xff", b"[1" + b"0" * 30, b"[NaN, 12345678901234567890]"]
)
def test_what_is_not_json_is_refused(text: bytes):
    with pytest.raises(ValueError, match="line"):
        loads(text)


def test_half_a_surrogate_pair_becomes_a_question_mark():
    assert loads(dumps({"a": "x\ud800"})) == {"a": "x?"}


@given(st.integers(10**17, 10**21), st.sampled_from(["[%d]", "[-%d]", "[0.5,%d]", '{"a":%d}', "[1e5, %d ]", "%d"]))
def test_integers_around_64_bits_are_exact_wherever_they_stand(number: int, frame: str):
    assert loads((frame % number).encode()) == json.loads(frame % number)


@pytest.mark.parametrize(
    "text", ["0.0019134240018465790", "0.00000000000000000001", "1.5e-0000000000000000000001", "-0.1234567890123456789"]
)
def test_the_many_digits_of_a_fraction_are_read_as_ever(text: str):
    assert loads(text.encode()) == float(text)
