"""Node packages from the command line: with a server that has them open, and without one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from local_index import LocalIndex
from package_project import build_wheel, make_package

Nodes = Callable[..., "subprocess.CompletedProcess[str]"]
SCOPE = "import sys; from psynapse.cli.scope import main; sys.exit(main())"
PSYNAPSE = "import sys; from psynapse.cli import main; sys.exit(main())"


@pytest.fixture
def environment(nodepacks: Path, tmp_path: Path, index: LocalIndex) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PSYNAPSE_", "DAYDREAM_"))}
    own = {"DAYDREAM_SCOPE_DIR": "scope", "PSYNAPSE_DATA_DIR": "data", "NODEPACKS_DIR": "nodepacks"}
    assert nodepacks == tmp_path / "nodepacks"
    return {**clean, **{name: str(tmp_path / folder) for name, folder in own.items()}}


@pytest.fixture(params=["alone", "through a server"])
def nodes(request: pytest.FixtureRequest, environment: dict[str, str], tmp_path: Path) -> Iterator[Nodes]:
    """Runs ``psynapse nodes``, in both of its ways."""

    def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", PSYNAPSE, "nodes", *map(str, arguments)]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    if request.param == "alone":
        yield run
        return
    command = [sys.executable, "-c", PSYNAPSE, "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        assert " serves " in server.stderr.readline()
        try:
            yield run
        finally:
            server.terminate()
            server.communicate(timeout=30)


def printed(done: "subprocess.CompletedProcess[str]") -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_packages_come_move_and_go(nodes: Nodes, index: LocalIndex, tmp_path: Path):
    for version in ("1.0", "1.1"):
        index.add(build_wheel(make_package(tmp_path / version, "scope-glow", version, summary="Glows")))
    assert printed(nodes("list")) == ["no node packages are installed: psynapse nodes install PACKAGE"]
    assert printed(nodes("install", "scope-glow==1.0", "--dry-run")) == ["  + scope-glow 1.0"]
    done = nodes("install", "scope-glow==1.0")
    assert printed(done) == ["installed scope-glow 1.0", "  + scope-glow 1.0"]
    steps = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert [step for step in steps if step in {"resolve", "build", "probe", "activate"}] == [
        "resolve", "build", "probe", "activate",
    ]  # fmt: skip
    assert printed(nodes("install", "scope-glow", "--upgrade"))[0] == "updated scope-glow from 1.0 to 1.1"
    listed = json.loads(nodes("list", "--json").stdout)
    assert [(one["name"], one["version"]) for one in listed["nodes"]] == [("scope-glow", "1.1")]
    assert printed(nodes("rollback"))[0] == "went back to generation 1: install scope-glow 1.0"
    assert printed(nodes("list")) == ["scope-glow 1.0  pypi", "  Glows"]
    history = printed(nodes("history"))
    assert [line[:5].strip() for line in history if line.startswith(("*", "  "))].count("*   1") == 1
    assert printed(nodes("uninstall", "scope_glow")) == ["uninstalled scope-glow", "  - scope-glow 1.0"]


def test_an_update_moves_what_has_one(nodes: Nodes, index: LocalIndex, tmp_path: Path):
    for name in ("scope-a", "scope-b"):
        index.add(build_wheel(make_package(tmp_path / "one", name, "1.0")))
        printed(nodes("install", name))
    assert printed(nodes("update")) == ["everything is up to date"]
    for name in ("scope-a", "scope-b"):
        index.add(build_wheel(make_package(tmp_path / "two", name, "2.0")))
    assert printed(nodes("update", "scope-a"))[0] == "updated scope-a from 1.0 to 2.0"
    assert [line for line in printed(nodes("list", "--refresh")) if "scope" in line] == [
        "scope-a 2.0  pypi",
        "scope-b 1.0  pypi  update: 2.0",
    ]
    assert printed(nodes("update"))[0] == "updated scope-b from 1.0 to 2.0"


def test_a_refusal_is_explained_and_exits_with_1(nodes: Nodes, index: LocalIndex, tmp_path: Path):
    index.add(build_wheel(make_package(tmp_path, "scope-rival", requires=["pydantic<2"])))
    done = nodes("install", "scope-rival")
    assert (done.returncode, done.stdout) == (1, "")
    assert "error: " in done.stderr
    assert "pydantic" in done.stderr
    broken = make_package(tmp_path, "scope-broken", files={"scope_broken.py": "raise RuntimeError('not today')\n"})
    done = nodes("install", broken)
    assert done.returncode == 1
    assert "RuntimeError: not today" in done.stderr
    assert nodes("install", "--", "-r file").returncode == 2
    assert nodes("uninstall", "scope-rival").returncode == 2
    assert nodes("reload", "scope-rival").returncode == 2


def test_a_new_package_installs_reloads_and_passes_its_own_tests(nodes: Nodes, tmp_path: Path):
    assert printed(nodes("new", "scope-sparkle"))[-1] == "install it: psynapse nodes install ./scope-sparkle"
    assert printed(nodes("install", "./scope-sparkle"))[0] == "installed scope-sparkle 0.1.0"
    assert printed(nodes("list"))[-1] == "  brings scope-sparkle-brightness, scope_sparkle_nodes"
    assert printed(nodes("reload", "scope-sparkle"))[0] == "scope-sparkle was reloaded"
    python = tmp_path / "scope" / "nodes" / "generations" / "1" / "bin" / "python"
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", "scope-sparkle"]
    tested = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stdout
    assert "4 passed" in tested.stdout
    again = nodes("new", "scope-sparkle")
    assert (again.returncode, "is there already" in again.stderr) == (2, True)


def test_a_package_is_switched_off_and_on(nodes: Nodes, index: LocalIndex, tmp_path: Path):
    index.add(build_wheel(make_package(tmp_path, "scope-glow", summary="Glows")))
    printed(nodes("install", "scope-glow"))
    assert printed(nodes("disable", "Scope_Glow")) == ["disabled scope-glow"]
    assert printed(nodes("list")) == ["scope-glow 1.0  pypi  disabled", "  Glows"]
    assert printed(nodes("disable", "scope-glow")) == ["scope-glow is disabled already"]
    answer = json.loads(nodes("enable", "scope-glow", "--json").stdout)
    assert (answer["message"], answer["node"]["disabled"]) == ("enabled scope-glow", False)
    assert printed(nodes("list")) == ["scope-glow 1.0  pypi", "  Glows"]
    assert nodes("enable", "scope-nothing").returncode == 2


def test_the_nodes_of_packages_are_listed_checked_and_run(environment: dict[str, str], tmp_path: Path):
    def psynapse(*arguments: str) -> list[str]:
        command = [sys.executable, "-c", PSYNAPSE, *arguments]
        return printed(
            subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        )

    psynapse("nodes", "new", "scope-sparkle")
    psynapse("nodes", "install", "./scope-sparkle")
    assert any("scope_sparkle_nodes/ops.py:shout" in line for line in psynapse("catalog", "shout"))
    node = {"id": "s", "type": "functionNode", "data": {"functionName": "shout", "text": "hi", "marks": 2}}
    view = {"id": "view", "type": "viewNode", "data": {}}
    edge = {"source": "s", "sourceHandle": "result", "target": "view", "targetHandle": "input"}
    (tmp_path / "flow.json").write_text(json.dumps({"nodes": [node, view], "edges": [edge]}))
    assert psynapse("check", "flow.json", "--json") == ['{"diagnostics":[],"errors":0,"warnings":0}']
    assert "HI!!" in psynapse("run", "flow.json", "--json")[0]


def test_ctrl_c_cancels_an_installation(
    nodes: Nodes, environment: dict[str, str], tmp_path: Path, request: pytest.FixtureRequest
):
    slow = make_package(tmp_path, "scope-slow", build_seconds=60)
    command = [sys.executable, "-c", PSYNAPSE, "nodes", "install", str(slow)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        while not process.stderr.readline().startswith("build"):
            pass
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert "cancelled" in process.stderr.read()
    assert printed(nodes("list")) == ["no node packages are installed: psynapse nodes install PACKAGE"]
    assert printed(nodes("history")) == ["*   0                       no node packages"]


def test_the_earlier_program_has_the_same_verbs(environment: dict[str, str], tmp_path: Path):
    def scope(*arguments: str | Path) -> list[str]:
        command = [sys.executable, "-c", SCOPE, *map(str, arguments)]
        return printed(
            subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        )

    project = make_package(tmp_path, "scope-glow")
    assert scope("install", "-e", project)[0] == "installed scope-glow 1.0"
    assert scope("plugins")[0] == f"scope-glow 1.0  {project}"
    assert scope("pipelines") == ["no node package brings a pipeline"]
    assert scope("uninstall", "scope-glow")[0] == "uninstalled scope-glow"


def test_an_extra_of_psynapse_is_installed_by_its_name(nodes: Nodes):
    done = nodes("install", "psynapse[images]")
    assert (done.returncode, done.stdout.strip()) == (0, "the libraries for images are installed"), done.stderr
    assert "Libraries for images: pillow" in nodes("list").stdout
    refused = nodes("install", "psynapse[desktop]")
    assert refused.returncode == 2
    assert 'pip install "psynapse[desktop]"' in refused.stderr
    assert nodes("uninstall", "psynapse[images]").stdout.strip() == "uninstalled psynapse[images]"
