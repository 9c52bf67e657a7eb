"""Which packages are switched off is one small file: whole or not there, and about what is installed only."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_index import LocalIndex
from packages import change, install, offer
from packaging.utils import canonicalize_name
from stored import changing, filled_store, start_python

from psynapse.environments.disabled import DISABLED, present, read_disabled, write_disabled
from psynapse.environments.edits import Remove, Rollback
from psynapse.environments.refusals import EnvironmentBusy, StoreUnusable
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.model.packages import DisabledPackage

names = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
packages = st.lists(
    st.builds(DisabledPackage, names, st.lists(st.text(max_size=8), max_size=3).map(tuple)),
    max_size=6,
    unique_by=lambda one: one.name,
)


def off(store: GenerationStore) -> list[str]:
    return [one.name for one in store.disabled()]


def switch_off(store: GenerationStore, *names: str) -> None:
    with changing(store):
        store.disable(map(DisabledPackage, names))


def test_without_a_file_nothing_is_switched_off(tmp_path: Path):
    assert read_disabled(tmp_path / "nowhere") == ()


@given(written=packages)
def test_what_is_read_is_what_was_written_by_name(
    written: list[DisabledPackage], tmp_path_factory: pytest.TempPathFactory
):
    folder = tmp_path_factory.mktemp("disabled")
    write_disabled(folder, written)
    assert read_disabled(folder) == tuple(sorted(written, key=lambda one: one.name))
    assert [path.name for path in folder.iterdir()] == [DISABLED]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe", b"\0" * 512, b"[" * 100_000])
def test_a_file_that_holds_something_else_switches_nothing_off(content: bytes, tmp_path: Path):
    (tmp_path / DISABLED).write_bytes(content)
    assert read_disabled(tmp_path) == ()


def test_names_count_however_they_are_written_and_what_is_no_list_of_names_is_left_out(tmp_path: Path):
    (tmp_path / DISABLED).write_text('{"Scope_Hello": ["pack", 3], "scope-b": null}')
    assert read_disabled(tmp_path) == (DisabledPackage("scope-b"), DisabledPackage("scope-hello", ("pack",)))


@given(written=packages, kept=st.sets(names, max_size=4))
def test_only_what_is_there_is_remembered(written: list[DisabledPackage], kept: set[str]):
    left = present(written, kept)
    assert {one.name for one in left} == {one.name for one in written} & kept
    assert all(canonicalize_name(one.name) == one.name for one in left)


def test_a_file_that_cannot_be_read_or_replaced_is_said(tmp_path: Path):
    store = filled_store(tmp_path / "nodes", 1)
    (store.folder / DISABLED).mkdir()
    with pytest.raises(StoreUnusable):
        store.disabled()
    with changing(store), pytest.raises(StoreUnusable):
        store.disable([DisabledPackage("scope-0")])


def test_it_does_not_change_what_is_current_and_outlives_the_store(tmp_path: Path):
    store = filled_store(tmp_path / "nodes", 2)
    before = (store.pointer(), (store.folder / "nodes.txt").read_bytes())
    switch_off(store, "scope-0", "scope-1")
    assert (store.pointer(), (store.folder / "nodes.txt").read_bytes()) == before
    assert off(GenerationStore(store.folder)) == ["scope-0", "scope-1"]
    assert store.recover().said == ()
    assert off(store) == ["scope-0", "scope-1"]


WRITING = """
import itertools, sys
from pathlib import Path
from psynapse.environments.disabled import write_disabled
from psynapse.model.packages import DisabledPackage
states = [[], [DisabledPackage("scope-a", ("pack",) * 200), DisabledPackage("scope-b")]]
for packages in itertools.cycle(states):
    write_disabled(Path(sys.argv[1]), packages)
    print("written", flush=True)
"""


def test_a_process_that_is_killed_while_it_writes_leaves_the_old_or_the_new(tmp_path: Path):
    for _ in range(5):
        process = start_python(WRITING, tmp_path)
        assert process.stdout
        for _ in range(20):
            assert process.stdout.readline() == "written\n"
        process.kill()
        process.communicate(timeout=30)
        assert [one.name for one in read_disabled(tmp_path)] in ([], ["scope-a", "scope-b"])
        assert (tmp_path / DISABLED).read_bytes().endswith(b"}\n")


def test_nobody_switches_anything_while_a_change_goes_on(tmp_path: Path):
    store = filled_store(tmp_path / "nodes", 1)

    async def lock_again() -> None:
        async with store.locked("disable scope-0"):
            pytest.fail("two hold the lock")

    with changing(store), pytest.raises(EnvironmentBusy):
        asyncio.run(lock_again())


def test_what_is_uninstalled_or_rolled_back_is_forgotten_and_the_rest_is_not(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    for name in ("scope-a", "scope-b", "scope-c"):
        offer(index, tmp_path, name)
        install(changer, name)
    # As a process left it that was killed between the commit point of a removal and this.
    switch_off(store, "scope-a", "scope-b", "scope-c", "scope-gone", "pydantic")
    change(changer, Remove("scope-a"))
    assert off(store) == ["pydantic", "scope-b", "scope-c"]
    install(changer, "scope-a")
    assert off(store) == ["pydantic", "scope-b", "scope-c"]
    change(changer, Rollback(2))
    assert off(store) == ["pydantic", "scope-b"]
