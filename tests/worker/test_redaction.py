"""Secrets are replaced in what nodes say, and nowhere else."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.engine.records import COMPLETED, code_of, decode_records, encode_records
from psynapse.model.events import Body, TaskFailed, TaskOutput, TaskProgress
from psynapse.worker.redaction import Redaction

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def redacted(redaction: Redaction, body: Body) -> object:
    (record,) = decode_records(redaction.records(encode_records([(1.5, 0, code_of(body), body)])))
    assert record[:2] == (1.5, 0)
    return record[3]


def shown(redaction: Redaction, value: object) -> object:
    (record,) = decode_records(redaction.records(encode_records([(1.5, 0, COMPLETED, value)])))
    return record[3]


def test_a_secret_is_replaced_in_keys_values_and_within_words():
    redaction = Redaction({"KEY": "swordfish"})
    assert shown(redaction, {"swordfish": ["a swordfish", {"x": "swordfishes"}]}) == {
        "[redacted]": ["a [redacted]", {"x": "[redacted]es"}]
    }
    assert redaction.text(b"the swordfish\n") == b"the [redacted]\n"


def test_a_secret_number_is_replaced_where_a_node_returns_it_and_not_in_times():
    redaction = Redaction({"PIN": "12345678"})
    assert shown(redaction, [12345678, 12345679]) == ["[redacted]", 12345679]
    assert redacted(redaction, TaskProgress(0.12345678, "12345678")) == TaskProgress(0.12345678, "[redacted]")


@pytest.mark.parametrize("name", ["traceback", "error_type", "fraction"])
def test_a_secret_that_is_called_like_a_field_leaves_the_field(name: str):
    redaction = Redaction({"KEY": name})
    assert redacted(redaction, TaskFailed(f"no {name}", "E", name)) == TaskFailed("no [redacted]", "E", "[redacted]")


def test_what_is_short_is_a_word_and_no_secret():
    assert shown(Redaction({"LEVEL": "verbose"}), "verbose") == "verbose"


def test_of_two_secrets_one_of_which_is_in_the_other_nothing_remains():
    assert shown(Redaction({"A": "12345678", "B": "x12345678y"}), "x12345678y") == "[redacted]"


def texts(value: object) -> Iterator[str]:
    """Everything in a value in which there may be a secret."""
    match value:
        case dict():
            for name, item in value.items():
                yield from (str(name), *texts(item))
        case list():
            for item in value:
                yield from texts(item)
        case _:
            yield str(value)


@given(JSON, st.text(min_size=8, max_size=12))
def test_records_stay_records_and_nothing_else_changes(value: object, secret: str):
    said = TaskOutput("log", "")
    encoded = encode_records([(1.0, 3, COMPLETED, value), (2.0, 3, code_of(said), said)])
    found = Redaction({"KEY": secret}).records(encoded)
    assert len(decode_records(found)) == 2
    if not any(secret in text for text in texts(value)):
        assert decode_records(found) == decode_records(encoded)
