"""Calls in other processes: what they return, raise and report."""

import os
import time
from pathlib import Path

import pytest
from process_bench import Bench, wait_until

from psynapse.catalog.loading import load_operation
from psynapse.errors import ExecutorError
from psynapse.model.operation import Address


def test_a_call_returns_what_the_function_returns(warm: Bench) -> None:
    assert warm.call("add", 1, 2) == 3
    assert warm.start("add", kwargs={"b": 5, "a": 4}).result() == 9


def test_a_call_runs_in_another_process_with_lower_priority(warm: Bench) -> None:
    assert warm.call("pid") != os.getpid()
    assert warm.call("nice") == os.nice(0) + 5


def test_a_child_is_kept_for_the_next_call(warm: Bench) -> None:
    assert warm.call("pid") == warm.call("pid")


def test_values_of_classes_that_the_nodepack_defines_go_both_ways(warm: Bench) -> None:
    point = warm.here("Point")
    assert warm.call("mirror", point(1, 2)) == point(2, 1)


def test_values_of_classes_of_another_folder_of_nodepacks_arrive(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "elsewhere" / "pack"
    other.mkdir(parents=True)
    (other / "ops.py").write_text("class Thing:\n    def __init__(self, n): self.n = n\n")
    thing = load_operation(Address(str(other), str(other / "ops.py"), "", "Thing"))(3)
    bench = Bench(folder, 1)
    try:
        assert getattr(bench.call("same", thing), "n", None) == 3
    finally:
        bench.executor.close()


def test_coroutines_are_awaited_and_print_as_their_node(warm: Bench) -> None:
    listener = warm.start("later", 1)
    assert listener.result() == 2
    assert listener.text("stdout") == "awake\n"


def test_an_exception_arrives_with_its_class_and_a_traceback_that_starts_at_the_users_code(warm: Bench) -> None:
    for name, message in (("fail", "wrong"), ("fail_later", "later")):
        listener = warm.start(name)
        assert type(listener.failure()) is warm.here("Fine")
        assert str(listener.failure()) == message
        frames = [line for line in listener.traceback.splitlines() if line.startswith("  File")]
        assert len(frames) == 1
        assert 'ops.py", line' in frames[0]
        assert frames[0].endswith(f"in {name}")


@pytest.mark.parametrize(
    ("name", "words"), [("fail_picky", "Picky: 1 and 2"), ("fail_locked", "ValueError: has a lock")]
)
def test_an_exception_that_cannot_be_sent_arrives_as_its_name_and_message(warm: Bench, name: str, words: str) -> None:
    listener = warm.start(name)
    assert type(listener.failure()) is ExecutorError
    assert words in str(listener.failure())
    assert f"in {name}" in listener.traceback


def test_wrong_arguments_are_the_users_error_without_frames_of_ours(warm: Bench) -> None:
    listener = warm.start("add")
    assert isinstance(listener.failure(), TypeError)
    assert "executors" not in listener.traceback


def test_a_function_that_is_not_there_is_a_failure_of_the_call(warm: Bench) -> None:
    assert "nothing_like_it" in str(warm.start("nothing_like_it").failure())


def test_an_argument_that_cannot_be_sent_is_named_with_its_type(warm: Bench) -> None:
    error = warm.start("add", 1, kwargs={"b": lambda: None}).failure()
    assert isinstance(error, ExecutorError)
    assert "argument 'b' of 'add', a function" in error.message
    assert "thread" in error.hint


def test_a_result_that_cannot_be_sent_is_named_with_its_type(warm: Bench) -> None:
    error = warm.start("make_lock").failure()
    assert isinstance(error, ExecutorError)
    assert "the result, a lock" in error.message
    assert "thread" in error.hint
    assert warm.call("add", 1, 1) == 2


def test_progress_and_streamed_text_arrive_in_order(warm: Bench) -> None:
    steps, words = warm.start("Steps", 2), warm.start("Words", "so it goes")
    assert (steps.result(), words.result()) == (2, "so it goes")
    assert steps.heard == [("progress", 0.5, "step 1"), ("progress", 1.0, "step 2")]
    assert words.heard == [("emit", "so"), ("emit", "it"), ("emit", "goes")]


def test_reporters_made_inside_a_function_report_too(warm: Bench) -> None:
    listener = warm.start("unannounced")
    listener.result()
    assert listener.heard == [("progress", 0.5, "half"), ("emit", "chunk")]


def test_printed_and_logged_text_arrives_complete(warm: Bench) -> None:
    listener = warm.start("speak")
    listener.result()
    assert listener.text("stdout") == "one\ntwo halves\nno end"
    assert listener.text("stderr") == "oops\n"
    assert "careful 7" in listener.text("log")


@pytest.mark.timeout(30)
def test_objects_that_print_when_they_go_stop_nobody_who_prints_at_that_moment(fresh: Bench) -> None:
    listener = fresh.start("speak_while_others_leave", 2_000)
    listener.result()
    assert listener.text("stdout").count("said") == 4_000
    assert listener.text("stdout").count("gone") == 2_000
    assert listener.text("stderr").count("gone") == 2_000


def test_threads_of_a_node_print_as_that_node(warm: Bench) -> None:
    listener = warm.start("speak_in_thread")
    listener.result()
    assert listener.text("stdout") == "from a thread\n"


def test_lines_printed_in_quick_succession_arrive_while_the_node_still_runs(fresh: Bench) -> None:
    listener = fresh.start("slow_lines")
    wait_until(lambda: listener.text("stdout") == "0\n1\n2\n")
    assert not listener.ended.is_set()


def test_a_node_that_prints_too_much_is_cut_off_with_one_notice(warm: Bench) -> None:
    listener = warm.start("chatter", 3_000_000)
    listener.result()
    assert 1_000_000 <= len(listener.text("stdout")) <= 1_000_200
    assert listener.text("stdout").count("left out") == 1


def test_what_a_thread_prints_after_its_call_does_not_reach_the_next_one(warm: Bench) -> None:
    warm.call("mumble_later")
    listener = warm.start("later", 1)
    time.sleep(0.4)
    following = warm.start("speak_in_thread")
    following.result()
    assert "too late" not in listener.text("stdout") + following.text("stdout")
