import os
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from psynapse.cli.doctor.network import listeners, loopback, port
from psynapse.settings import Settings

Make = Callable[..., Settings]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_this_machine_reaches_itself(settings: Make):
    assert loopback(settings()).level == "ok"


def test_a_machine_whose_loopback_interface_is_down_has_a_problem(tmp_path: Path):
    code = (
        "from psynapse.cli.doctor.network import loopback; from psynapse.settings import read_settings\n"
        "finding = loopback(read_settings(environ={})); print(finding.level, finding.hint)"
    )
    # A fresh network namespace has an interface, but nobody has brought it up.
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    if "unshare" in done.stderr:
        pytest.skip("this user may not make a network namespace")
    assert done.stdout.startswith("problem bring the loopback interface up")


def test_a_port_that_is_free_or_left_to_chance_is_well(settings: Make):
    number = free_port()
    assert port(settings(port=number)).message == f"127.0.0.1 port {number} is free"
    assert port(settings(port=0)).level == "ok"


def test_a_port_taken_by_another_program_is_a_problem_that_names_it(settings: Make):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        number = listener.getsockname()[1]
        finding = port(settings(port=number))
        assert listeners(number) == [os.getpid()]
    assert finding.level == "problem"
    assert f"port {number} is taken by process {os.getpid()} (" in finding.message
    assert "--port" in finding.hint


def test_an_address_that_is_not_this_machines_is_a_problem(settings: Make):
    finding = port(settings(host="192.0.2.1", port=free_port()))
    assert finding.level == "problem"
    assert "cannot listen on 192.0.2.1" in finding.message


@contextmanager
def served(number: int, data: Path) -> "Generator[subprocess.Popen[str]]":
    code = "import sys; from psynapse.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "serve", "--port", str(number), "--data-dir", str(data)]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        try:
            assert process.stderr
            assert any("Psynapse serves" in line for line in process.stderr)
            yield process
        finally:
            process.terminate()
            process.communicate(timeout=20)


def test_a_port_taken_by_psynapse_itself_is_well_and_by_another_one_a_warning(settings: Make, tmp_path: Path):
    number = free_port()
    with served(number, tmp_path / "data"):
        assert (
            port(settings(port=number)).message
            == f"psynapse serves on 127.0.0.1 port {number}, with this data directory"
        )
        elsewhere = port(settings(port=number, data_dir=tmp_path / "other"))
    assert elsewhere.level == "warning"
    assert "another data directory" in elsewhere.message
