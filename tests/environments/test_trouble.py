"""Disks, networks and programs that fail in the middle of a change: nothing has changed, and the next one works."""

import asyncio
import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from local_index import LocalIndex
from package_project import build_wheel, make_package
from packages import change, held, install, offer, snapshot, versions

from psynapse.environments.change import Change
from psynapse.environments.edits import Install, Remove, Rollback
from psynapse.environments.errors import BuildFailed, NetworkUnreachable, UvMissing
from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.steps import STEPS, Step, StepName
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv

ROOM = 16 << 20


@contextmanager
def small_disk(folder: Path) -> Generator[None]:
    """A file system of its own with little room."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)]
    if (
        shutil.which("mount") is None
        or subprocess.run(["mount", *options], capture_output=True, check=False).returncode
    ):
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk, where the store is."""
    with small_disk(tmp_path / "disk"):
        yield tmp_path / "disk"


@pytest.fixture
def store(disk: Path) -> GenerationStore:
    return GenerationStore(disk / "nodes")


def fill(folder: Path) -> Callable[[], None]:
    """Take all the room there is; what is returned gives it back."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * (1 << 16)):
            continue
    return filler.unlink


@pytest.mark.parametrize("step", [*STEPS[:-1], "before"])
def test_a_disk_that_fills_up_at_any_step_costs_nothing_but_the_change(
    step: str, tmp_path: Path, disk: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    offer(index, tmp_path, "scope-b")
    install(changer, "scope-a")
    before, give_back = snapshot(store), list[Callable[[], None]]()

    def fill_at(now: Step) -> None:
        if now.name == step and not give_back:
            give_back.append(fill(disk))

    if step == "before":
        give_back.append(fill(disk))
    # What comes after the commit point is done later.
    made = step == "project"
    refusal = contextlib.nullcontext() if made else pytest.raises(StoreUnusable, match=r"No space left.*\n.*make room")
    with refusal:
        change(changer, Install(parse_requirement("scope-b")), fill_at)
    give_back[0]()
    if not made:
        store.recover()
        assert snapshot(store) == before
    assert install(changer, "scope-b").after == store.current()
    assert held(store) == {"scope-a": "1.0", "scope-b": "1.0"}
    assert (store.folder / "nodes.txt").read_text() == "scope-a\nscope-b\n"
    assert versions(store.current(), "scope_a", "scope_b") == ["1.0", "1.0"]


def test_a_file_in_the_place_of_a_folder_is_said_so(tmp_path: Path, index: LocalIndex, uv: Uv, changer: Changer):
    offer(index, tmp_path, "helper-lib")
    offer(index, tmp_path, "scope-a", requires=["helper-lib"])
    uv.stubs.parent.mkdir(parents=True)
    uv.stubs.write_text("a file")
    with pytest.raises(StoreUnusable, match="exists"):
        install(changer, "scope-a")


def test_a_package_for_which_there_is_no_room_is_refused(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    big = {"scope_big/__init__.py": "VERSION = '1.0'\n", "scope_big/data.txt": "x" * 2 * ROOM}
    index.add(build_wheel(make_package(tmp_path, "scope-big", files=big)))
    offer(index, tmp_path, "scope-a")
    install(changer, "scope-a")
    before = snapshot(store)
    with pytest.raises(StoreUnusable, match="No space left"):
        install(changer, "scope-big")
    assert snapshot(store) == before
    assert sorted(path.name for path in (store.folder / "generations").iterdir()) == ["1", "last"]


def test_a_folder_that_can_only_be_read_is_read_and_not_changed(
    tmp_path: Path, disk: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    install(changer, "scope-a")
    before = snapshot(store)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        for edit in (Install(parse_requirement("scope-a")), Remove("scope-a"), Rollback()):
            with pytest.raises(StoreUnusable, match="Read-only") as caught:
                change(changer, edit)
            assert "writable" in caught.value.hint
        assert "Read-only" in store.recover().problem
        assert versions(store.current(), "scope_a") == ["1.0"]
        generation, lock = store.use_current()
        assert generation.id == 1
        assert lock
        lock.release()
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert snapshot(store) == before
    assert change(changer, Remove("scope-a")).after.locked == ()


@pytest.mark.parametrize("behaviour", ["unavailable", "vanish"])
def test_a_network_that_goes_away_in_the_middle_costs_nothing_but_the_change(
    behaviour: str, tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "helper-lib")
    offer(index, tmp_path, "scope-a")
    offer(index, tmp_path, "scope-b", requires=["helper-lib"])
    install(changer, "scope-a")
    before = snapshot(store)

    def fail(now: Step) -> None:
        if now.name == "build":
            index.behaviour = "vanish" if behaviour == "vanish" else "unavailable"

    with pytest.raises(NetworkUnreachable):
        change(changer, Install(parse_requirement("scope-b")), fail)
    assert snapshot(store) == before
    # What is there already needs no network to be gone back to, nor to be removed.
    assert change(changer, Remove("scope-a")).after.locked == ()
    change(changer, Rollback())
    index.behaviour = "serve"
    install(changer, "scope-b")
    assert held(store) == {"helper-lib": "1.0", "scope-a": "1.0", "scope-b": "1.0"}


def test_a_removal_needs_neither_the_network_nor_what_uv_has_cached(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer, uv: Uv
):
    offer(index, tmp_path, "helper-lib")
    offer(index, tmp_path, "scope-a")
    offer(index, tmp_path, "scope-b", requires=["helper-lib"])
    install(changer, "scope-a")
    install(changer, "scope-b")
    index.stop()
    shutil.rmtree(uv.cache)
    change(changer, Remove("scope-a"))
    assert held(store) == {"helper-lib": "1.0", "scope-b": "1.0"}
    assert versions(store.current(), "helper_lib", "scope_b") == ["1.0", "1.0"]


def test_without_uv_nothing_can_be_installed_and_that_is_said(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer, monkeypatch: pytest.MonkeyPatch
):
    def missing() -> str:
        raise FileNotFoundError("uv")

    offer(index, tmp_path, "scope-a")
    # What a uv package without its program does.
    monkeypatch.setattr("psynapse.environments.uv.uv.find_uv_bin", missing)
    with pytest.raises(UvMissing, match="uv"):
        install(changer, "scope-a")
    monkeypatch.undo()
    assert store.history() == ()


def test_a_build_that_fails_changes_nothing(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    project = make_package(tmp_path, "scope-local", build_fails="no compiler here")
    with pytest.raises(BuildFailed, match="no compiler here"):
        install(changer, project, editable=False)
    assert store.history() == ()
    assert not list((store.folder / "generations").glob("[0-9]*"))


# Cancelling


async def cancelled_at(changer: Changer, spec: str, step: StepName) -> Change:
    """A change that is cancelled as soon as it is at that step."""
    reached = asyncio.Event()

    def hear(now: Step) -> None:
        if now.name == step:
            reached.set()

    task = asyncio.create_task(changer.change(Install(parse_requirement(spec)), hear))
    await reached.wait()
    task.cancel()
    return await task


@pytest.mark.parametrize("step", STEPS[: STEPS.index("activate")])
def test_until_the_commit_point_a_change_can_be_cancelled(
    step: StepName, tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled_at(changer, "scope-a", step))
    assert store.history() == ()
    assert store.recover().said == ()
    install(changer, "scope-a")


@pytest.mark.parametrize("step", STEPS[STEPS.index("activate") :])
def test_from_the_commit_point_on_it_is_too_late(
    step: StepName, tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    made = asyncio.run(cancelled_at(changer, "scope-a", step))
    assert made.after == store.current()
    assert (store.folder / "nodes.txt").read_text() == "scope-a\n"


def test_a_build_that_hangs_is_killed_when_the_change_is_cancelled(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    ran = tmp_path / "ran.txt"
    project = make_package(tmp_path, "scope-slow", build_seconds=600, ran=ran)

    async def main() -> None:
        task = asyncio.create_task(changer.change(Install(parse_requirement(str(project), editable=False))))
        ends = time.monotonic() + 60
        while not ran.exists() and time.monotonic() < ends:  # noqa: ASYNC110 -- a file says when
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert store.history() == ()
    offer(index, tmp_path, "scope-a")
    install(changer, "scope-a")
