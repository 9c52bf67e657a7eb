"""What becomes of a supervised server."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from psynapse.desktop.lifecycle import (
    FIRST_DELAY_SECONDS,
    LONGEST_DELAY_SECONDS,
    MOST_CRASHES,
    STEADY_SECONDS,
    WINDOW_SECONDS,
    Course,
)

EVENTS = st.lists(
    st.tuples(st.sampled_from([42, 1, 0, -9, -11, 2, None]), st.floats(0.01, 90, allow_nan=False)), max_size=60
)


def test_a_wish_to_be_restarted_is_no_crash_and_waits_for_nothing():
    course = Course().begun().answered("a", 1.0).exited(42, 2.0)
    assert (course.state, course.delay, course.crashes) == ("restarting", 0.0, ())


def test_a_restart_may_be_wished_for_as_often_as_the_server_answers():
    course = Course().begun()
    for number in range(50):
        course = course.answered(str(number), number * 0.1).exited(42, number * 0.1)
        assert course.state == "restarting"


def test_a_server_that_wishes_to_be_restarted_and_never_answers_is_given_up():
    course = Course().begun()
    for number in range(MOST_CRASHES):
        course = course.exited(42, float(number))
        assert course.state == "restarting"
    course = course.exited(42, 6.0)
    assert course.state == "failed"
    assert "6 times" in course.reason


def test_crashes_are_mended_at_growing_intervals_until_there_are_too_many():
    course, delays = Course().begun(), list[float]()
    for number in range(MOST_CRASHES):
        course = course.exited(1, float(number))
        assert course.state == "crashed"
        delays.append(course.delay)
        course = course.resumed()
    assert delays == [FIRST_DELAY_SECONDS * 2**n for n in range(MOST_CRASHES)]
    assert course.exited(-11, 6.0).state == "failed"
    assert "signal 11" in course.exited(-11, 6.0).reason


def test_a_server_that_was_there_for_long_begins_anew():
    course = Course().begun().exited(1, 0.0).resumed().exited(1, 1.0).resumed().answered("b", 2.0)
    assert course.exited(1, 2.0 + STEADY_SECONDS).delay == FIRST_DELAY_SECONDS
    assert course.exited(1, 3.0).delay > FIRST_DELAY_SECONDS


def test_what_was_asked_to_stop_stays_so_however_it_ends():
    stopped = Course().begun().stopped()
    assert stopped.exited(-15, 1.0) is stopped
    assert stopped.exited(42, 1.0) is stopped


def test_a_failed_one_begins_with_a_clean_slate_when_it_is_asked_for():
    course = Course().begun()
    for number in range(MOST_CRASHES + 1):
        course = course.exited(1, float(number))
    assert course.state == "failed"
    again = course.begun()
    assert (again.state, again.crashes, again.reason) == ("starting", (), "")


@settings(deadline=None)
@given(events=EVENTS)
def test_no_minute_has_more_mended_crashes_than_promised(events: list[tuple[int | None, float]]):
    course, now, mended = Course().begun(), 0.0, list[float]()
    for code, passed in events:
        now += passed
        if code is None:
            course = course.answered("x", now)
            continue
        course = course.exited(code, now)
        if course.state == "failed":
            break
        assert 0 <= course.delay <= LONGEST_DELAY_SECONDS
        if course.state == "crashed":
            mended.append(now)
            course = course.resumed()
    for first, last in zip(mended, mended[MOST_CRASHES:], strict=False):
        assert last - first >= WINDOW_SECONDS - 1e-6
    assert all(earlier < later for earlier, later in pairwise(mended))
