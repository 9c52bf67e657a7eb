"""The store: what is current before and after every step, what is kept, what is put in order."""

import asyncio
import shutil
from pathlib import Path

import pytest
from stored import add_generation, changing, claimed, filled_store, make_generation

from psynapse.environments.generation import BASE_ALONE, MANIFEST
from psynapse.environments.pointer import POINTER, Pointer, write_pointer
from psynapse.environments.refusals import EnvironmentBusy, StoreUnusable, UnknownGeneration
from psynapse.environments.store import GenerationStore, Recovery


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def agrees(store: GenerationStore) -> bool:
    wanted = "".join(f"{one.spec}\n" for one in store.current().requirements)
    return (store.folder / "nodes.txt").read_text() == wanted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "nodes"


def test_where_nothing_was_installed_the_base_is_current_and_looking_makes_no_folder(folder: Path):
    store = GenerationStore(folder)
    assert store.current() == BASE_ALONE == store.before() == store.get(0)
    assert store.history() == ()
    assert store.use_current() == (BASE_ALONE, None)
    assert store.recover() == Recovery()
    assert not folder.exists()


def test_a_generation_exists_from_its_sealing_on_and_is_current_from_its_activation_on(folder: Path):
    store = GenerationStore(folder)
    with changing(store):
        number = claimed(store)
        with pytest.raises(UnknownGeneration, match="no generation 1"):
            store.get(number)
        with pytest.raises(UnknownGeneration):
            store.activate(number)
        generation = make_generation(number, "scope-a")
        store.seal(generation)
        assert store.get(number) == generation
        assert store.current() == BASE_ALONE
        store.activate(number)
        assert store.current() == generation
        assert store.before() == BASE_ALONE
        assert store.project() == ("nodes.txt", "resolved.txt")
        assert store.project() == ()
    assert GenerationStore(folder).current() == generation
    assert (folder / "generations").stat().st_mode & 0o777 == 0o700


def test_the_history_begins_with_the_newest(folder: Path):
    store = filled_store(folder, 3)
    assert [one.id for one in store.history()] == [3, 2, 1]
    assert store.before().id == 2
    assert (folder / "freeze.txt").read_text() == "scope-0==1.0\nscope-1==1.0\n"


def test_no_number_is_given_twice(folder: Path):
    store = filled_store(folder, 1)
    with changing(store):
        second = claimed(store)
        store.discard(second)
        assert not store.folder_of(second).exists()
        assert claimed(store) == second + 1
    (folder / "generations" / "last").write_text("torn\n")
    with changing(store):
        assert store.reserve() == second + 2


def test_a_number_that_was_only_reserved_is_free_again(folder: Path):
    store = filled_store(folder, 1)
    with changing(store):
        second = store.reserve()
        assert store.folder_of(second).is_dir()
        store.discard(second)
        assert store.reserve() == second


def test_what_was_begun_wrongly_is_removed_and_its_lock_stays(folder: Path):
    store = filled_store(folder, 1)
    with changing(store):
        second = store.reserve()
        begun = store.folder_of(second)
        (begun / "lib" / "site-packages").mkdir(parents=True)
        (begun / "lib64").symlink_to("lib")
        (begun / "pyvenv.cfg").touch()
        store.claim(second, empty=True)
    assert [path.name for path in begun.iterdir()] == ["in-use"]


def test_only_the_last_that_were_current_are_kept(folder: Path):
    store = GenerationStore(folder, kept=3)
    with changing(store):
        for number in range(6):
            add_generation(store, f"scope-{number}")
        add_generation(store, "never-current", activate=False)
        assert store.collect() == (1, 2, 3, 7)
        assert store.collect() == ()
    assert [one.id for one in store.history()] == [6, 5, 4]


def test_after_going_back_the_newer_one_is_still_there_to_go_forward_to(folder: Path):
    store = GenerationStore(folder, kept=1)
    with changing(store):
        add_generation(store, "scope-a")
        add_generation(store, "scope-b")
        store.activate(1)
        assert store.collect() == ()
        store.activate(0)
        assert store.collect() == ()
        store.activate(2)
    assert store.current().id == 2


def test_a_generation_in_use_is_not_collected(folder: Path):
    store = filled_store(folder, 8)
    lock = store.in_use(1)
    with changing(store):
        assert store.collect() == (2, 3)
        assert store.folder_of(1).exists()
        lock.release()
        assert store.collect() == (1,)
    with pytest.raises(UnknownGeneration, match="being removed"):
        store.in_use(1)


def test_readers_hold_what_is_current(folder: Path):
    store = filled_store(folder, 1)
    generation, lock = store.use_current()
    assert lock
    with changing(store):
        for _ in range(8):
            add_generation(store, "scope-b")
        store.collect()
    assert generation.id == 1
    assert store.folder_of(1).exists()
    assert lock.path == store.in_use_file(1)
    lock.release()


@pytest.mark.parametrize("removed", [True, False])
def test_a_reader_that_comes_just_as_another_becomes_current_gets_that_one(
    removed: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    store = filled_store(folder, 2)
    current = store.current

    def move_on() -> object:
        generation = current()
        if generation.id == 1:
            with changing(other := GenerationStore(folder)):
                other.activate(2)
                if removed:
                    shutil.rmtree(other.folder_of(1))
        return generation

    with changing(store):
        store.activate(1)
    # The instant between reading the pointer and taking the lock, of which nothing else tells.
    monkeypatch.setattr(store, "current", move_on)
    generation, lock = store.use_current()
    assert generation.id == 2
    assert lock
    lock.release()


def test_what_was_removed_just_after_the_pointer_was_read_is_not_current(folder: Path, monkeypatch: pytest.MonkeyPatch):
    store = filled_store(folder, 2)
    pointers = [store.pointer(), Pointer(99)]
    monkeypatch.setattr(store, "pointer", pointers.pop)
    assert store.current().id == 2
    assert pointers == []


def test_changes_wait_for_each_other_or_are_refused(folder: Path):
    store = GenerationStore(folder)
    order: list[str] = []

    async def later() -> None:
        async with store.locked("later", wait=True):
            order.append("later")

    async def both() -> None:
        async with store.locked("first"):
            waiting = asyncio.create_task(later())
            await asyncio.sleep(0.1)
            with pytest.raises(EnvironmentBusy, match="first"):
                async with GenerationStore(folder).locked("second"):
                    pass
            assert store.recover() == Recovery(busy=True)
            order.append("first")
        await waiting

    asyncio.run(both())
    assert order == ["first", "later"]


# Putting in order


def test_there_is_nothing_to_mend_where_nothing_happened(folder: Path):
    store = filled_store(folder, 2)
    assert store.recover() == Recovery()
    assert store.current().id == 2


def test_what_a_killed_change_left_behind_is_removed(folder: Path):
    store = filled_store(folder, 2)
    with changing(store):
        unsealed, sealed = claimed(store), add_generation(store, "scope-c", activate=False).id
        store.folder_of(3).joinpath("in-use").unlink()
        trash = folder / "generations" / ".trash-1-abc"
        trash.mkdir()
        for part in (folder / "tmp1.part", folder / "generations" / "tmp2.part"):
            part.touch()
    recovery = store.recover()
    assert recovery.said == (f"removed generations that were not finished or are old: {unsealed}, {sealed}",)
    assert names(folder / "generations") == {"1", "2", "last"}
    assert names(folder) == {"generations", "current", "lock", "nodes.txt", "resolved.txt", "freeze.txt"}


@pytest.mark.parametrize("content", [None, b"", b"\0\0\0\0", b"two", b"99\n", b"-2\n"])
def test_a_pointer_that_is_lost_or_damaged_leads_to_the_newest_and_costs_no_generation(
    content: bytes | None, folder: Path
):
    store = filled_store(folder, 3)
    if content is None:
        (folder / POINTER).unlink()
    else:
        (folder / POINTER).write_bytes(content)
    assert store.current().id == 3
    (sentence,) = store.recover().said
    assert "generation 3 is current" in sentence
    assert (folder / POINTER).read_text() == "3\n2\n1\n"
    assert [one.id for one in store.history()] == [3, 2, 1]
    assert agrees(store)


def test_a_pointer_that_leads_to_a_generation_of_which_nothing_is_left_goes_back(folder: Path):
    store = filled_store(folder, 3)
    shutil.rmtree(store.folder_of(3))
    assert store.current().id == 2
    assert store.recover().said[0] == "generation 3 cannot be read: generation 2 is current"
    assert agrees(store)


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\xfe", b"[1]"])
def test_a_damaged_manifest_makes_the_one_before_current(content: bytes, folder: Path):
    store = filled_store(folder, 3)
    (store.folder_of(3) / MANIFEST).write_bytes(content)
    assert store.current().id == 2
    assert [one.id for one in store.history()] == [2, 1]
    recovery = store.recover()
    assert "generation 3 cannot be read" in recovery.said[0]
    assert store.current().id == 2
    assert store.before().id == 1
    assert agrees(store)
    # Whoever repairs it by hand finds it there.
    assert store.folder_of(3).exists()


def test_a_manifest_that_is_another_ones_counts_as_damaged(folder: Path):
    store = filled_store(folder, 2)
    shutil.copy(store.folder_of(1) / MANIFEST, store.folder_of(2) / MANIFEST)
    assert store.current().id == 1


def test_without_any_readable_generation_the_base_alone_is_current(folder: Path):
    store = filled_store(folder, 1)
    write_pointer(folder, Pointer(1))
    (store.folder_of(1) / MANIFEST).write_bytes(b"torn")
    assert store.current() == BASE_ALONE
    assert store.recover().said[0] == "generation 1 cannot be read: the base alone is current"
    assert store.current() == BASE_ALONE


def test_files_that_are_no_generations_are_left_alone(folder: Path):
    store = filled_store(folder, 1)
    for name in ("0", "007", "notes.txt", "9" * 30):
        (folder / "generations" / name).mkdir()
    (folder / "generations" / "5").touch()
    assert store.recover().said == ()
    assert {"0", "007", "notes.txt", "9" * 30, "5"} <= names(folder / "generations")


def test_projections_that_disagree_are_written_again(folder: Path):
    store = filled_store(folder, 2)
    (folder / "nodes.txt").write_text("something-else\n")
    (folder / "freeze.txt").unlink()
    assert store.recover().said == ("wrote nodes.txt, freeze.txt again",)
    assert agrees(store)


# Trouble


def test_a_place_that_is_no_folder_is_said_so_and_recovery_raises_nothing(folder: Path):
    folder.write_text("a file")
    store = GenerationStore(folder)
    with pytest.raises(StoreUnusable, match="cannot be read or changed") as caught:
        store.current()
    assert "DAYDREAM_SCOPE_DIR" in caught.value.hint
    assert "cannot be read or changed" in store.recover().problem


def test_trouble_between_the_lock_and_the_first_pointer_lets_go_of_the_lock(folder: Path):
    (folder / POINTER).mkdir(parents=True)
    store = GenerationStore(folder)
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="directory"), changing(store):
            pytest.fail("the pointer cannot be read")
