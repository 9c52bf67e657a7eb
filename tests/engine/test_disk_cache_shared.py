"""The disk cache where other processes share it, are killed, or the disk is full."""

import logging
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from psynapse.engine.disk_cache import DiskCache
from psynapse.engine.entry import make_entry


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cache"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_that_cannot_be_made_costs_nothing_but_a_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    folder.parent.mkdir()
    folder.write_text("in the way")
    disk = DiskCache(folder, b"")
    with caplog.at_level(logging.WARNING):
        disk.put(b"k" * 16, make_entry(1, 1.0))
        assert disk.flush(20)
    assert "a result is not kept" in caplog.text
    assert disk.holds([b"k" * 16]) == []


def test_what_does_not_fit_on_the_disk_is_left_out_and_the_next_is_tried(folder: Path):
    code = """
        import logging, resource, sys
        from pathlib import Path
        from psynapse.engine.disk_cache import DiskCache
        from psynapse.engine.entry import make_entry
        logging.basicConfig()
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
        disk = DiskCache(Path(sys.argv[1]), b"")
        for size in (100_000, 10):
            disk.put(size.to_bytes(16, "big"), make_entry(bytes(size), 1.0))
        assert disk.flush(20)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "File too large" in ended.stderr
    assert len(names(folder)) == 1


HAMMER = """
    import random, sys
    from pathlib import Path
    from psynapse.engine.disk_cache import DiskCache
    from psynapse.engine.entry import make_entry

    disk = DiskCache(Path(sys.argv[1]), b"", limit=300_000)
    hits = 0
    for _ in range(int(sys.argv[2])):
        number = random.randrange(20)
        key = number.to_bytes(16, "big")
        if disk.holds([key]) and (entry := disk.get(key)):
            assert entry.value == [number] * 9000, number
            hits += 1
        else:
            disk.put(key, make_entry([number] * 9000, 1.0))
    assert disk.flush(30)
    print(hits)
"""


def test_several_processes_share_a_folder_and_never_read_anything_wrong(folder: Path):
    command = [sys.executable, "-c", textwrap.dedent(HAMMER), str(folder), "150"]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) for _ in range(3)]
    for process in running:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, "")
        assert int(out) > 0
    assert not [name for name in names(folder) if name.endswith(".part")]
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 300_000


def test_a_process_killed_while_it_writes_leaves_nothing_wrong(folder: Path):
    code = """
        import sys
        from pathlib import Path
        from psynapse.engine.disk_cache import DiskCache
        from psynapse.engine.entry import make_entry
        disk = DiskCache(Path(sys.argv[1]), b"surroundings")
        for number in range(10_000):
            disk.put((number % 10).to_bytes(16, "big"), make_entry(bytes([number % 10]) * 3_000_000, 1.0))
            disk.flush(30)
            print(number, flush=True)
    """
    for _ in range(3):
        command = [sys.executable, "-c", textwrap.dedent(code), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "0\n"
            time.sleep(random.random() * 0.1)
            process.send_signal(signal.SIGKILL)
        disk = DiskCache(folder, b"surroundings")
        keys = [number.to_bytes(16, "big") for number in range(10)]
        for number in disk.holds(keys):
            entry = disk.get(keys[number])
            assert entry is not None
            assert entry.value == bytes([number]) * 3_000_000
