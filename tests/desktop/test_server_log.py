"""What the server has said."""

from pathlib import Path

from psynapse.desktop.server_log import LONGEST_LINE, ServerLog


def test_lines_are_at_hand_and_in_the_file(tmp_path: Path):
    log = ServerLog(tmp_path / "new" / "server.log")
    for number in range(5):
        log.write(f"line {number} 100% of {{it}}\n")
    log.close()
    assert log.tail(2) == ("line 3 100% of {it}", "line 4 100% of {it}")
    assert log.tail(0) == ()
    assert log.path.read_text(encoding="utf-8").splitlines() == list(log.tail(99))


def test_the_file_does_not_grow_for_ever_and_older_ones_are_kept(tmp_path: Path):
    log = ServerLog(tmp_path / "server.log")
    for _ in range(600):
        log.write("x" * LONGEST_LINE * 2)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["server.log", "server.log.1", "server.log.2", "server.log.3"]
    assert all(file.stat().st_size <= 2 << 20 for file in files)


def test_secrets_are_in_neither(tmp_path: Path):
    log = ServerLog(tmp_path / "server.log", secrets=["s3cret", ""])
    log.write("open http://127.0.0.1/?token=s3cret now")
    log.close()
    assert log.tail(1) == ("open http://127.0.0.1/?token=… now",)
    assert "s3cret" not in log.path.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_loses_nothing_at_hand(tmp_path: Path):
    (tmp_path / "server.log").mkdir()
    log = ServerLog(tmp_path / "server.log")
    log.write("still here")
    assert log.tail(1) == ("still here",)
