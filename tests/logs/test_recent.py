"""The last lines of the log."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.logs import logger
from psynapse.logs.recent import LONGEST_LINE, RecentLog, earlier_lines
from psynapse.logs.redaction import hide


@pytest.fixture
def log() -> Iterator[RecentLog]:
    log = RecentLog()
    log.listen()
    yield log
    log.stop()


def texts(log: RecentLog, after: int = 0, count: int = 1_000_000) -> list[str]:
    return [line.text for line in log.page(after, count).lines]


def test_what_is_logged_is_kept_with_its_level_and_source(log: RecentLog):
    logger.info("one")
    logging.getLogger("other.part").warning("two %s", "words")
    logger.critical("three")
    logger.debug("not for everybody")
    assert [(line.seq, line.level, line.source, line.text) for line in log.page(0, 9).lines] == [
        (1, "info", "psynapse", "one"),
        (2, "warning", "other.part", "two words"),
        (3, "error", "psynapse", "three"),
    ]


def test_every_line_of_a_traceback_is_one(log: RecentLog):
    try:
        raise ValueError("x\ny")
    except ValueError:
        logger.exception("it failed")
    lines = log.page(0, 99).lines
    assert lines[0].text == "it failed"
    assert [line.text for line in lines[-2:]] == ["ValueError: x", "y"]
    assert {line.level for line in lines} == {"error"}


def test_secrets_are_not_kept(log: RecentLog):
    hide("not-for-your-eyes")
    logger.info("it is not-for-your-eyes")
    log.remember(["it was not-for-your-eyes"])
    assert texts(log) == ["it is [redacted]", "it was [redacted]"]


def test_what_is_logged_after_its_end_is_not_kept(log: RecentLog):
    logger.info("one")
    log.stop()
    logger.info("two")
    assert texts(log) == ["one"]


def test_the_oldest_lines_go_when_there_are_too_many_or_too_long_ones():
    log = RecentLog(most_lines=3, most_characters=10)
    log.remember(["a", "b", "c", "d"])
    assert texts(log) == ["b", "c", "d"]
    log.remember(["123456789"])
    assert texts(log) == ["d", "123456789"]
    log.remember(["x" * 20_000])
    assert texts(log) == []
    page = log.page(0, 9)
    assert (page.first, page.last) == (7, 6)


def test_a_very_long_line_is_cut(log: RecentLog):
    logger.info("x" * 100_000)
    assert texts(log) == ["x" * LONGEST_LINE]


@given(
    st.lists(st.text(alphabet="abc", max_size=3), max_size=40), st.integers(1, 9), st.integers(1, 20), st.integers(1, 7)
)
def test_pages_hold_every_kept_line_once_and_in_order(lines: list[str], most: int, characters: int, count: int):
    log = RecentLog(most_lines=most, most_characters=characters)
    log.remember(lines)
    found: list[str] = []
    after = 0
    while page := log.page(after, count).lines:
        assert len(page) <= count
        assert [line.seq for line in page] == list(range(page[0].seq, page[-1].seq + 1))
        found += [line.text for line in page]
        after = page[-1].seq
    assert found == lines[len(lines) - len(found) :]
    assert after in {0, len(lines)}
    assert len(found) <= most
    assert sum(map(len, found)) <= characters


def test_lines_of_an_earlier_server_keep_what_they_say_about_themselves():
    log = RecentLog()
    log.remember(["Psynapse serves http://x", "2024-01-02 03:04:05,678 ERROR uvicorn.error: it fell", "Traceback ..."])
    log.note("and now")
    first, second, third, last = log.page(0, 9).lines
    assert (first.at, first.level, first.source) == (0, "info", "")
    assert (second.level, second.source, second.text) == ("error", "uvicorn.error", "it fell")
    assert (third.level, third.at) == ("error", second.at)
    assert [line.earlier for line in (first, second, third, last)] == [True, True, True, False]


def test_what_a_supervisor_has_written_in_between_is_its_own():
    log = RecentLog()
    log.remember(["2024-01-02 03:04:05,678 ERROR psynapse: it fell", "--- the server has ended with exit code -9"])
    first, last = log.page(0, 9).lines
    assert (last.level, last.source, last.at) == ("warning", "supervisor", first.at)


def test_lines_come_from_many_threads_at_once(log: RecentLog):
    def speak(name: int) -> None:
        for number in range(200):
            logger.info("%d %d", name, number)

    threads = [threading.Thread(target=speak, args=[name]) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts(log)) == sorted(f"{name} {number}" for name in range(4) for number in range(200))


def test_the_end_of_a_rotated_file_is_read_whole_lines_only(tmp_path: Path):
    path = tmp_path / "server.log"
    assert earlier_lines(path) == []
    path.with_name("server.log.1").write_text("older\n" * 3)
    path.write_bytes(b"new\xff\n")
    assert earlier_lines(path) == ["older", "older", "older", "new\N{REPLACEMENT CHARACTER}"]
    path.write_text("".join(f"line {number:>100}\n" for number in range(20_000)))
    lines = earlier_lines(path)
    assert lines[-1].endswith(" 19999")
    assert 5_000 < len(lines) < 20_000
    assert {len(line) for line in lines} == {105}
