import pytest

from psynapse.model.guarded import Raised, attempt, outcome


def test_what_a_call_returns_is_its_outcome():
    assert outcome(int, "12", base=3) == 5
    assert attempt(None, int, "12") == 12


def test_what_a_call_raises_is_kept_or_replaced():
    found = outcome(int, "x")
    assert isinstance(found, Raised)
    assert isinstance(found.error, ValueError)
    assert attempt("fallback", int, "x") == "fallback"


def test_what_stops_a_run_passes_through():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(None, stop)


def test_user_code_that_is_looked_at_cannot_end_the_process():
    assert attempt("fallback", exit, 3) == "fallback"
