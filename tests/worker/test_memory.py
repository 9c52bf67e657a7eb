"""What processes hold, and what limits there are."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from psynapse.worker.memory import container_limits, held_bytes, memory_budget

MEGABYTE = 1 << 20
HOLDING = "held = b'x' * ({size} << 20)\nprint('ready', flush=True)\ninput()"
WITH_CHILD = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {code!r}])"


@contextmanager
def holding(code: str) -> Generator[int]:
    """A process that leads a session, as workers do, and has allocated what it will."""
    arguments = [sys.executable, "-c", code]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield process.pid
        process.stdin.write(b"\n")


def test_what_a_process_holds_is_counted():
    with holding(HOLDING.format(size=50)) as large, holding(HOLDING.format(size=1)) as small:
        assert 50 * MEGABYTE < held_bytes([large]) < 80 * MEGABYTE
        assert held_bytes([small]) < 30 * MEGABYTE
        both = held_bytes([large, small])
        assert abs(both - held_bytes([large]) - held_bytes([small])) < MEGABYTE


def test_the_processes_that_a_worker_started_count_as_its_own():
    with holding(WITH_CHILD.format(code=HOLDING.format(size=50))) as process:
        assert 50 * MEGABYTE < held_bytes([process]) < 100 * MEGABYTE


def test_a_process_that_has_ended_holds_nothing():
    with holding("print('ready', flush=True)\ninput()") as process:
        pass
    assert held_bytes([process]) == 0
    assert held_bytes([]) == 0


def test_the_budget_is_a_part_of_what_the_machine_has():
    line = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()[0]
    total = int(line.split()[1]) * 1024
    assert 0 < memory_budget() <= total * 0.6


@pytest.mark.parametrize(
    ("membership", "files", "limits"),
    [
        ("0::/a/b\n", {"a/b/memory.max": "500\n", "a/memory.max": "max\n", "memory.max": "400\n"}, [500, 400]),
        ("0::/not/here\n", {"memory.max": "300\n"}, [300]),
        ("0::/\n", {"memory.max": "max\n"}, []),
        ("4:memory:/x\n0::/\n", {"memory/x/memory.limit_in_bytes": "200\n"}, [200]),
        ("5:cpu,cpuacct:/x\n6:hugetlb,memory:/x\n", {"memory/memory.limit_in_bytes": "100\n"}, [100]),
    ],
)
def test_limits_of_control_groups_and_of_those_above_are_found(
    tmp_path: Path, membership: str, files: dict[str, str], limits: list[int]
):
    mounted = tmp_path / "mounted"
    for name, content in files.items():
        (mounted / name).parent.mkdir(parents=True, exist_ok=True)
        (mounted / name).write_text(content, encoding="ascii")
    (tmp_path / "membership").write_text(membership, encoding="ascii")
    assert list(container_limits(tmp_path / "membership", mounted)) == limits


def test_without_control_groups_there_are_no_limits(tmp_path: Path):
    assert list(container_limits(tmp_path / "nothing", tmp_path)) == []
