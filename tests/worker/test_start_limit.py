"""The pause after starts that failed."""

import time

from psynapse.errors import WorkerError
from psynapse.worker.start_limit import StartLimit

RED = (("COLOUR", "red"),)


def failed(limit: StartLimit, *reasons: str) -> None:
    for reason in reasons:
        limit.note((), WorkerError(reason, hint="try this."))


def test_a_few_failures_are_no_reason_for_a_pause():
    limit = StartLimit(most=3, seconds=60)
    failed(limit, "one", "two")
    assert limit.allows(())
    failed(limit, "three")
    assert not limit.allows(())


def test_the_refusal_names_the_last_reason_what_to_do_and_when_it_is_tried_again():
    limit = StartLimit(most=2, seconds=60)
    failed(limit, "one", "two")
    refusal = limit.refusal(())
    assert refusal.message == "no worker is started for now, because the last 2 attempts failed: two"
    assert refusal.hint == "try this; it is tried again in 60 s, or when a nodepack is edited"


def test_a_pause_is_for_the_same_variables_only():
    limit = StartLimit(most=1, seconds=60)
    limit.note(RED, WorkerError("no red"))
    assert limit.allows(())
    assert not limit.allows(RED)
    assert "mend what stops workers" in limit.refusal(RED).hint


def test_the_pause_ends_when_the_failures_are_old_or_forgiven():
    limit = StartLimit(most=2, seconds=0.05)
    failed(limit, "one", "two")
    assert not limit.allows(())
    time.sleep(0.06)
    assert limit.allows(())
    failed(limit, "three")
    assert limit.allows(())
    failed(limit, "four")
    assert not limit.allows(())
    limit.clear()
    assert limit.allows(())


def test_old_failures_are_not_kept():
    limit = StartLimit(most=2, seconds=0.01)
    for number in range(20):
        limit.note((("N", str(number)),), WorkerError("no"))
    time.sleep(0.02)
    failed(limit, "one")
    assert list(limit._failures) == [()]
