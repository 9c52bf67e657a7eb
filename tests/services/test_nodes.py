"""Node packages of a server whose folder, base or Python is not as it was left."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from local_index import LocalIndex
from package_project import build_wheel, make_package, write_files

from psynapse.environments.refusals import NotInstalled, UnknownGeneration
from psynapse.environments.store import GenerationStore
from psynapse.model.packages import DisabledPackage
from psynapse.services.node_answers import NodeList, Wish
from psynapse.services.nodes import Nodes
from psynapse.services.open import open_services
from psynapse.settings import read_settings

Scene = Callable[[Nodes], Awaitable[None]]
Play = Callable[[Scene], None]


@pytest.fixture
def play(tmp_path: Path, index: LocalIndex) -> Play:
    """Plays a scene with the node packages of a server that was just opened; again with what the last one left."""
    environ = {"DAYDREAM_SCOPE_DIR": str(tmp_path / "scope"), "PSYNAPSE_DATA_DIR": str(tmp_path / "data")}

    async def run(scene: Scene) -> None:
        services = await open_services(read_settings(environ=environ), "boot", "")
        try:
            assert services.desk
            await scene(services.desk.nodes)
        finally:
            await services.close()

    return lambda scene: asyncio.run(run(scene))


@pytest.fixture
def installed(play: Play, index: LocalIndex, tmp_path: Path) -> Path:
    """The folder of generation 1, which has one package."""
    index.add(build_wheel(make_package(tmp_path, "scope-glow", summary="Glows", author="Ann")))

    async def scene(nodes: Nodes) -> None:
        assert (await nodes.install(Wish(spec="scope-glow"))).message == "installed scope-glow 1.0"

    play(scene)
    return tmp_path / "scope" / "nodes" / "generations" / "1"


async def versions(nodes: Nodes) -> dict[str, str]:
    return {entry.name: entry.version for entry in (await nodes.list()).entries}


async def settled(nodes: Nodes) -> None:
    async with asyncio.timeout(60):
        while nodes.changes.going_on or (await nodes.list()).problem:  # noqa: ASYNC110 -- it happens in the background
            await asyncio.sleep(0.05)


def change_manifest(folder: Path, **fields: object) -> None:
    manifest = folder / "psynapse.json"
    content = {**json.loads(manifest.read_text()), **fields}
    manifest.chmod(0o600)
    manifest.write_text(json.dumps(content))


def test_what_was_installed_is_there_after_a_restart(play: Play, installed: Path):
    async def scene(nodes: Nodes) -> None:
        (entry,) = (await nodes.list()).entries
        assert (entry.name, entry.description, entry.author, entry.source) == ("scope-glow", "Glows", "Ann", "pypi")
        assert nodes.current == 1

    play(scene)


def test_after_an_upgrade_of_the_base_the_packages_are_built_again(play: Play, installed: Path):
    change_manifest(installed, base="another", closure="another")

    async def scene(nodes: Nodes) -> None:
        await settled(nodes)
        assert nodes.current == 2
        assert await versions(nodes) == {"scope-glow": "1.0"}
        assert nodes.history()[0][0].summary == "rebuild for the changed base"

    play(scene)


def test_packages_whose_python_is_gone_do_not_keep_the_server_from_starting(play: Play, installed: Path):
    shutil.rmtree(installed / "bin")

    async def scene(nodes: Nodes) -> None:
        await settled(nodes)
        assert await versions(nodes) == {"scope-glow": "1.0"}
        assert nodes.current == 2

    play(scene)


def test_what_cannot_be_built_again_is_said_in_words(play: Play, installed: Path, index: LocalIndex, tmp_path: Path):
    change_manifest(installed, base="another", closure="another")
    shutil.rmtree(tmp_path / "scope" / "nodes" / "cache")
    shutil.rmtree(installed / "lib")
    index.stop()

    async def scene(nodes: Nodes) -> None:
        async with asyncio.timeout(60):
            while "could not be built again" not in (await nodes.list()).problem:  # noqa: ASYNC110 -- in the background
                await asyncio.sleep(0.05)
        assert nodes.current == 1

    play(scene)


def test_a_project_that_says_something_else_of_itself_is_installed_again_by_a_reload(play: Play, tmp_path: Path):
    project = make_package(tmp_path, "scope-edit", "1.0")

    async def scene(nodes: Nodes) -> None:
        await nodes.install(Wish(spec=str(project)))
        first = nodes.current
        assert (await nodes.reload("scope-edit")).node.version == "1.0"
        assert nodes.current == first
        make_package(tmp_path, "scope-edit", "1.1")
        assert (await nodes.reload("Scope.Edit")).node.version == "1.1"
        assert nodes.current != first

    play(scene)


def test_one_that_others_need_is_listed_but_was_not_asked_for(play: Play, index: LocalIndex, tmp_path: Path):
    index.add(build_wheel(make_package(tmp_path, "scope-part")))
    project = make_package(tmp_path, "scope-whole", requires=["scope-part"])

    async def scene(nodes: Nodes) -> None:
        await nodes.install(Wish(spec=str(project), editable=False))
        entries = {entry.name: entry for entry in (await nodes.list()).entries}
        assert {name: entry.removable for name, entry in entries.items()} == {"scope-whole": True, "scope-part": False}

    play(scene)


def test_what_is_not_there_is_refused(play: Play, installed: Path):
    async def scene(nodes: Nodes) -> None:
        with pytest.raises(NotInstalled, match="scope-nothing"):
            await nodes.uninstall("scope-nothing")
        with pytest.raises(UnknownGeneration):
            await nodes.rollback(99)
        assert await versions(nodes) == {"scope-glow": "1.0"}
        assert (await nodes.rollback(0)).message.startswith("went back to generation 0")
        assert await versions(nodes) == {}

    play(scene)


def test_packages_can_hold_anything_beside_their_code(play: Play, tmp_path: Path):
    project = make_package(tmp_path, "scope-none", entry_point=None)
    write_files(project, {"scope_none/data.txt": "data"})

    async def scene(nodes: Nodes) -> None:
        done = await nodes.install(Wish(spec=str(project), editable=False))
        assert done.node
        assert (done.node.version, dict(done.node.pipelines), done.node.node_types) == ("1.0", {}, ())

    play(scene)


def off(entries: NodeList) -> list[str]:
    return [entry.name for entry in entries.entries if entry.disabled]


def test_a_package_is_switched_off_without_a_new_generation_and_stays_so_after_a_restart(
    play: Play, installed: Path, index: LocalIndex
):
    index.stop()

    async def switch_off(nodes: Nodes) -> None:
        done = await nodes.disable("Scope_Glow")
        assert (done.message, done.node.disabled, done.problem) == ("disabled scope-glow", True, "")
        assert (await nodes.disable("scope-glow")).message == "scope-glow is disabled already"
        assert nodes.current == 1

    async def switch_on(nodes: Nodes) -> None:
        found = await nodes.list()
        assert off(found) == ["scope-glow"]
        assert (found.failures, found.problem) == ([], "")
        assert (await nodes.enable("scope-glow")).message == "enabled scope-glow"
        assert off(await nodes.list()) == []
        assert (await nodes.enable("scope-glow")).message == "scope-glow is enabled already"
        with pytest.raises(NotInstalled, match="scope-nothing"):
            await nodes.disable("scope-nothing")

    play(switch_off)
    play(switch_on)
    assert [path.name for path in installed.parent.iterdir() if path.is_dir()] == ["1"]


def test_a_package_that_ends_its_worker_can_be_switched_off_and_then_is_no_failure(play: Play, installed: Path):
    (module,) = installed.glob("lib/*/site-packages/scope_glow/__init__.py")
    module.chmod(0o600)
    module.write_text("import os\nos._exit(3)\n")

    async def scene(nodes: Nodes) -> None:
        assert [failure.package for failure in (await nodes.list()).failures] == ["scope-glow"]
        await nodes.disable("scope-glow")
        assert (await nodes.list()).failures == []
        await nodes.enable("scope-glow")
        assert [failure.package for failure in (await nodes.list()).failures] == ["scope-glow"]

    play(scene)


def test_what_is_uninstalled_while_it_is_off_comes_back_switched_on(play: Play, installed: Path):
    async def scene(nodes: Nodes) -> None:
        await nodes.disable("scope-glow")
        await nodes.uninstall("scope-glow")
        assert (await nodes.install(Wish(spec="scope-glow"))).node is not None
        assert off(await nodes.list()) == []

    play(scene)


def test_what_another_process_switches_off_is_noticed(play: Play, installed: Path):
    async def scene(nodes: Nodes) -> None:
        store = GenerationStore(installed.parents[1])
        async with store.locked("disable scope-glow", wait=True):
            store.disable([DisabledPackage("scope-glow")])
        async with asyncio.timeout(30):
            while not any(one.disabled for one in nodes.catalog.packages):  # noqa: ASYNC110 -- in the background
                await asyncio.sleep(0.05)

    play(scene)
