import stat
import threading
from pathlib import Path

from psynapse.logs.redaction import redacted
from psynapse.server.token import server_token
from psynapse.settings import Settings, read_settings


def settings(data: Path, token: str = "") -> Settings:
    return read_settings(environ={"PSYNAPSE_DATA_DIR": str(data), "PSYNAPSE_TOKEN": token})


def test_a_token_that_was_set_is_taken_and_nothing_is_written(tmp_path: Path):
    assert server_token(settings(tmp_path / "data", "mine")) == "mine"
    assert not (tmp_path / "data").exists()


def test_a_made_token_is_long_and_stays_and_is_for_the_user_alone(tmp_path: Path):
    made = server_token(settings(tmp_path / "data"))
    assert len(made) >= 40
    assert server_token(settings(tmp_path / "data")) == made
    assert server_token(settings(tmp_path / "other")) != made
    (file,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made not in repr(settings(tmp_path / "data", made))


def test_servers_that_start_at_once_have_the_same_token(tmp_path: Path):
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(server_token(settings(tmp_path / "data")))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["token"]


def test_a_data_directory_that_cannot_be_used_still_gives_a_token(tmp_path: Path):
    (tmp_path / "data").write_text("a file")
    assert len(server_token(settings(tmp_path / "data"))) >= 40


def test_no_log_says_the_token(tmp_path: Path):
    made = server_token(settings(tmp_path / "data"))
    server_token(settings(tmp_path / "data", "one-that-was-set"))
    assert redacted(f"{made} or one-that-was-set") == "[redacted] or [redacted]"
