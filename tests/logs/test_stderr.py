"""The log as text, written and read again."""

import logging
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from psynapse.logs.stderr import read_line

PROGRAM = """
import logging
from psynapse.logs import logger
from psynapse.logs.redaction import hide
from psynapse.logs.stderr import log_to_stderr
log_to_stderr()
hide("hush-hush-hush")
logger.info("first hush-hush-hush")
logger.debug("unseen")
try:
    raise ValueError("hush-hush-hush")
except ValueError:
    logging.getLogger("other.part").exception("second")
"""


def written() -> list[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return done.stderr.splitlines()


def test_what_is_written_has_no_secrets_also_in_tracebacks():
    lines = written()
    assert lines[0].endswith("INFO psynapse: first [redacted]")
    assert lines[-1] == "ValueError: [redacted]"
    assert not any("hush" in line and "raise" not in line for line in lines)


def test_what_was_written_can_be_read_again():
    first, second, *rest = [read_line(line) for line in written()]
    assert first
    assert second
    assert (first.level, first.source, first.text) == (logging.INFO, "psynapse", "first [redacted]")
    assert (second.level, second.source, second.text) == (logging.ERROR, "other.part", "second")
    assert 0 <= second.at - first.at < 60
    assert rest
    assert set(rest) == {None}


@given(st.text())
def test_any_other_text_is_no_line_of_the_log(text: str):
    assert read_line(text) is None


def test_a_day_that_never_was_is_no_line_of_the_log():
    assert read_line("2024-13-45 00:00:00,000 INFO psynapse: x") is None
    assert read_line("2024-01-01 00:00:00,000 LOUD psynapse: x") is None
