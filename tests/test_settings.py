from pathlib import Path

import pytest

from psynapse.errors import SettingError
from psynapse.settings import Setting, is_loopback, read_settings


def test_the_defaults_bind_to_this_machine_and_open_nothing():
    settings = read_settings(environ={})
    assert settings.host == Setting("127.0.0.1", "default")
    assert settings.port == Setting(8000, "default")
    assert settings.cors_origins == settings.allowed_hosts == Setting(frozenset(), "default")
    assert settings.token == Setting("", "default")
    assert settings.data_dir.value == Path.home() / ".psynapse"
    assert settings.workflows_dir == Setting(settings.data_dir.value / "workflows", "default")


def test_the_command_line_comes_before_the_environment(tmp_path: Path):
    environ = {"PSYNAPSE_HOST": "0.0.0.0", "PSYNAPSE_PORT": "9000", "PSYNAPSE_DATA_DIR": "there"}
    from_env = read_settings(environ=environ)
    assert (from_env.host, from_env.port) == (Setting("0.0.0.0", "env"), Setting(9000, "env"))
    assert from_env.data_dir == Setting(Path("there").absolute(), "env")
    from_cli = read_settings(environ=environ, host="::1", port=0, data_dir=tmp_path, nodepacks_dir=tmp_path)
    assert (from_cli.host, from_cli.port) == (Setting("::1", "cli"), Setting(0, "cli"))
    assert from_cli.data_dir == from_cli.nodepacks_dir == Setting(tmp_path, "cli")


def test_how_much_of_the_past_is_kept_can_be_set():
    settings = read_settings(environ={})
    assert settings.run_log_days == Setting(30, "default")
    assert settings.run_log_bytes == Setting(2 << 30, "default")
    settings = read_settings(environ={"PSYNAPSE_RUN_LOG_DAYS": "0.5", "PSYNAPSE_RUN_LOG_MB": "10"})
    assert settings.run_log_days == Setting(0.5, "env")
    assert settings.run_log_bytes == Setting(10 << 20, "env")


def test_lists_are_split_at_commas_and_compared_in_lower_case():
    environ = {
        "CORS_ORIGINS": "https://App.example/, http://localhost:5173,",
        "PSYNAPSE_ALLOWED_HOSTS": "Lab, [fd00::1]",
    }
    settings = read_settings(environ=environ)
    assert settings.cors_origins == Setting(frozenset({"https://app.example", "http://localhost:5173"}), "env")
    assert settings.allowed_hosts == Setting(frozenset({"lab", "fd00::1"}), "env")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PSYNAPSE_PORT", "x"), ("PSYNAPSE_PORT", "-1"), ("PSYNAPSE_PORT", "65536"), ("PSYNAPSE_HOST", "http://here"),
        ("PSYNAPSE_HOST", "a b"), ("CORS_ORIGINS", "*"), ("CORS_ORIGINS", "app.example"), ("CORS_ORIGINS", "null"),
        ("CORS_ORIGINS", "https://a.example/path"), ("PSYNAPSE_ALLOWED_HOSTS", "*"),
        ("PSYNAPSE_ALLOWED_HOSTS", "https://lab"), ("NODEPACKS_DIR", "nowhere-at-all"), ("PSYNAPSE_TOKEN", "a b"),
        ("PSYNAPSE_TOKEN", "a;b"), ("PSYNAPSE_RUN_LOG_DAYS", "-1"), ("PSYNAPSE_RUN_LOG_DAYS", "nan"),
        ("PSYNAPSE_RUN_LOG_MB", "much"),
    ],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused_by_name_with_a_hint(name: str, value: str):
    with pytest.raises(SettingError) as caught:
        read_settings(environ={name: value})
    assert name in caught.value.message
    assert caught.value.hint
    if name == "PSYNAPSE_TOKEN":
        assert value not in str(caught.value)


def test_workflows_are_in_the_data_directory_or_where_they_are_wanted(tmp_path: Path):
    assert read_settings(environ={}, data_dir=tmp_path).workflows_dir.value == tmp_path / "workflows"
    environ = {"PSYNAPSE_WORKFLOWS_DIR": str(tmp_path / "mine")}
    assert read_settings(environ=environ).workflows_dir == Setting(tmp_path / "mine", "env")
    (tmp_path / "mine").write_text("")
    with pytest.raises(SettingError, match="not a folder"):
        read_settings(environ=environ)


def test_the_token_is_not_in_the_settings_text():
    assert "hush" not in repr(read_settings(environ={"PSYNAPSE_TOKEN": "hush"}))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True), ("a.localhost", True), ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True),
        ("::ffff:127.0.0.1", True), ("0.0.0.0", False), ("::", False), ("localhost.example", False),
        ("10.0.0.1", False), ("", False), ("::ffff:10.0.0.1", False),
    ],
)  # fmt: skip
def test_which_hosts_are_this_machine(host: str, expected: bool):
    assert is_loopback(host) is expected


def test_node_packages_are_where_the_node_system_has_them():
    assert read_settings(environ={}).nodes_dir == Setting(Path.home() / ".daydream-scope" / "nodes", "default")


def test_another_folder_for_node_packages_can_be_named(tmp_path: Path):
    named = read_settings(environ={"DAYDREAM_SCOPE_DIR": str(tmp_path)})
    assert named.nodes_dir == Setting(tmp_path / "nodes", "env")
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="not a folder"):
        read_settings(environ={"DAYDREAM_SCOPE_DIR": str(tmp_path / "file")})


@pytest.mark.parametrize(("text", "managed"), [("1", True), ("yes", True), ("0", False), ("False", False), ("", False)])
def test_a_supervisor_says_that_it_is_there(text: str, managed: bool):
    assert read_settings(environ={"DAYDREAM_SCOPE_MANAGED": text}).managed == Setting(managed, "env")
    assert read_settings(environ={}).managed == Setting(False, "default")


def test_a_supervisor_says_where_it_writes_the_log(tmp_path: Path):
    assert read_settings(environ={"PSYNAPSE_LOG_FILE": str(tmp_path / "x.log")}).log_file.value == tmp_path / "x.log"
    assert read_settings(environ={}).log_file == Setting(None, "default")
