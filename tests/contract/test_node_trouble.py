"""Node packages over HTTP where disks, networks, files or packages fail: the answer says so, and nothing is lost."""

import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from checkout_environment import CheckoutEnvironment
from local_index import LocalIndex
from node_server import NodeServer, filter_package, flow, running
from package_project import build_wheel, make_package

from psynapse.environments.generation import MANIFEST

FIND_UV = "import uv; uv.find_uv_bin()"
NEWEST = f"generations/2/{MANIFEST}"
ROOM = 48 << 20
# What a package does when it is imported, and what of that is in the answer.
BAD = {
    "import os\nos._exit(3)": "exit code 3",
    "import ctypes\nctypes.string_at(0)": "SIGSEGV",
    "raise SystemExit(0)": "SystemExit",
    "import a_camera_sdk": "a_camera_sdk",
}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room, where the server keeps the node packages."""
    folder = tmp_path / "scope"
    folder.mkdir()
    mount, options = shutil.which("mount"), ["-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Generator[None]:
    """There is no room in the block."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * (1 << 16)):
            continue
    yield
    filler.unlink()


def glowing(folder: Path, index: LocalIndex, name: str = "scope-glow") -> str:
    """The name of a package that is in the index and has a filter which ``flow`` runs to 0.4."""
    index.add(build_wheel(filter_package(folder, name)))
    return name


def refused(server: NodeServer, package: str) -> tuple[int, str, str]:
    """Status, code and text of the answer to an installation that is refused with a hint."""
    answer = server.install(package)
    problem = answer.json()
    assert problem["hint"]
    return answer.status_code, problem["code"], problem["detail"]


def test_without_room_an_installation_is_refused_and_what_is_there_runs(
    small_disk: Path, node_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    node_server.installed(glowing(tmp_path, index))
    index.add(build_wheel(make_package(tmp_path, "scope-more")))
    with full(small_disk):
        status, code, text = refused(node_server, "scope-more")
        assert (status, code) == (500, "nodes-folder-unusable")
        assert "No space left" in text
        assert node_server.execute(flow("scope-glow")) == 0.4
    assert node_server.versions() == {"scope-glow": "1.0"}
    node_server.installed("scope-more")


def test_where_nothing_can_be_written_what_is_there_is_listed_and_runs(
    small_disk: Path, node_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    node_server.installed(glowing(tmp_path, index))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        status, code, text = refused(node_server, "scope-glow==1.0")
        assert (status, code) == (500, "nodes-folder-unusable")
        assert "Read-only" in text
        assert node_server.http.delete("/nodes/scope-glow").status_code == 500
        assert node_server.versions() == {"scope-glow": "1.0"}
        assert node_server.execute(flow("scope-glow")) == 0.4
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert node_server.http.delete("/nodes/scope-glow").status_code == 200


@pytest.mark.parametrize("behaviour", ["vanish", "gone"])
def test_a_network_that_fails_is_named_and_changes_nothing(
    behaviour: str, node_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    node_server.installed(glowing(tmp_path, index))
    index.add(build_wheel(make_package(tmp_path, "scope-more")))
    if behaviour == "gone":
        index.stop()
    else:
        index.behaviour = "vanish"
    status, code, _ = refused(node_server, "scope-more")
    assert (status, code) == (500, "network-unreachable")
    assert node_server.versions() == {"scope-glow": "1.0"}
    # Neither going away nor coming back needs a network.
    assert node_server.http.delete("/nodes/scope-glow").status_code == 200
    assert node_server.http.post("/nodes/rollback", json={}).status_code == 200
    assert node_server.execute(flow("scope-glow")) == 0.4


def test_packages_that_cannot_be_imported_are_refused_by_a_server_that_goes_on(
    node_server: NodeServer, index: LocalIndex, tmp_path: Path
):
    before = node_server.http.get("/health").json()["boot_id"]
    for number, (code, reason) in enumerate(BAD.items()):
        name = f"scope-bad-{number}"
        index.add(build_wheel(make_package(tmp_path, name, files={f"scope_bad_{number}/__init__.py": code})))
        answer = node_server.install(name)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["package"]) == (422, "package-fails", name)
        assert reason in problem["detail"] + problem["traceback"]
    assert node_server.versions() == {}
    assert node_server.http.get("/health").json()["boot_id"] == before


def test_a_package_that_is_imported_slowly_is_waited_for(node_server: NodeServer, tmp_path: Path):
    project = filter_package(tmp_path, "scope-slow")
    module = project / "scope_slow" / "__init__.py"
    module.write_text(f"import time\ntime.sleep(3)\n{module.read_text()}")
    node_server.installed(project)
    assert node_server.execute(flow("scope-slow")) == 0.4


@pytest.fixture(scope="module")
def own_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment whose uv may be taken away."""
    return CheckoutEnvironment(tmp_path_factory.mktemp("environment"), sys.executable, ()).made()


def test_without_uv_what_is_there_is_listed_and_rolled_back_but_nothing_is_installed(
    own_python: Path, server_variables: dict[str, str], index: LocalIndex, tmp_path: Path
):
    for name in ("scope-one", "scope-two"):
        index.add(build_wheel(make_package(tmp_path, name)))
    uv = own_python.with_name("uv")
    with running(own_python, tmp_path, server_variables) as server:
        server.installed("scope-one")
        uv.rename(uv.with_name("uv-elsewhere"))
        if subprocess.run([own_python, "-c", FIND_UV], check=False).returncode == 0:
            pytest.skip("another uv is found here")
        status, code, _ = refused(server, "scope-two")
        assert (status, code) == (500, "uv-missing")
        assert server.versions() == {"scope-one": "1.0"}
        for number in (0, 1):
            assert server.http.post("/nodes/rollback", json={"to": number}).json()["generation"] == number
        uv.with_name("uv-elsewhere").rename(uv)
        server.installed("scope-two")
        assert server.versions() == {"scope-one": "1.0", "scope-two": "1.0"}


@pytest.mark.parametrize("broken", [["current", "nodes.txt", "resolved.txt", "freeze.txt"], [NEWEST]])
def test_after_files_were_damaged_a_server_starts_with_what_is_whole(
    broken: list[str],
    server_variables: dict[str, str],
    node_server: NodeServer,
    index: LocalIndex,
    tmp_path: Path,
):
    node_server.installed(glowing(tmp_path, index))
    index.add(build_wheel(make_package(tmp_path, "scope-more")))
    node_server.installed("scope-more")
    node_server.process.terminate()
    node_server.process.wait(30)
    folder = tmp_path / "scope" / "nodes"
    for name in broken:
        assert (folder / name).exists()
        (folder / name).write_bytes(b"\0{")
    with running(sys.executable, tmp_path, server_variables) as server:
        # Without its manifest the newest generation is none: the one before it is the current one.
        kept = {"scope-glow"} if broken == [NEWEST] else {"scope-glow", "scope-more"}
        assert server.versions().keys() == kept
        assert set((folder / "nodes.txt").read_text(encoding="utf-8").split()) == kept
        assert server.execute(flow("scope-glow")) == 0.4
        server.installed("scope-more")
        assert server.versions().keys() == {"scope-glow", "scope-more"}
