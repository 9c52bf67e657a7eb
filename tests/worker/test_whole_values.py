"""Whole values cut into pieces and put together again."""

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worker_bench import play, working

from psynapse.model.json_text import dumps
from psynapse.worker import whole_values
from psynapse.worker.process import WorkerSpec
from psynapse.worker.whole_values import PIECE, WholeValues, cut, from_pieces, to_pieces

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5)


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_values, "PIECE", 3)


@pytest.mark.usefixtures("short_pieces")
def test_what_was_cut_is_put_together_again():
    @given(values=st.dictionaries(st.text(), JSON))
    def check(values: dict[str, object]) -> None:
        counts, pieces = to_pieces(values)  # type: ignore[arg-type]
        assert all(0 < len(piece) <= 3 for piece in pieces)
        found = from_pieces(counts, pieces)
        assert found == values
        assert {node: b"".join(found.pieces(node)) for node in found} == {n: dumps(v) for n, v in values.items()}  # type: ignore[arg-type]

    check()


def test_what_is_not_there_is_null_to_pass_on_and_missing_to_look_at():
    values = WholeValues({"a": [b"[1", b"0]"]})
    assert (values["a"], list(values), len(values)) == ([10], ["a"], 1)
    assert b"".join(values.pieces("b")) == b"null"
    with pytest.raises(KeyError):
        values["b"]


def test_a_short_text_is_not_copied():
    text = os.urandom(PIECE)
    assert cut(text)[0] is text
    assert [len(piece) for piece in cut(text + b"!")] == [PIECE, 1]


def test_a_large_value_comes_from_a_worker_in_pieces(spec: WorkerSpec):
    async def story() -> None:
        async with working(spec) as worker:
            played = await play(worker, "count", to=300_000)
            assert played.end
            assert len(played.end.values.pieces("view")) > 5
            assert played.values == {"view": list(range(300_000))}
            assert (await play(worker, "add", a=1)).values == {"view": 2}

    asyncio.run(story())
