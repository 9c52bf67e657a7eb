"""Once the pointer has moved a change is made, whatever fails after it."""

import asyncio
import logging
import threading

import pytest
from stored import add_generation, changing

from psynapse.environments.committing import commit, tidy_up
from psynapse.environments.generation import BASE_ALONE
from psynapse.environments.refusals import StoreUnusable
from psynapse.environments.steps import Step, ignore_step
from psynapse.environments.store import GenerationStore


def test_the_steps_are_told_and_everything_follows_the_pointer(store: GenerationStore):
    heard: list[Step] = []
    with changing(store):
        generation = add_generation(store, "scope-a", activate=False)
        asyncio.run(commit(store, generation.id, heard.append))
    assert store.current() == generation
    assert (store.folder / "nodes.txt").read_text() == "scope-a\n"
    assert [step.name for step in heard] == ["activate", "project", "collect"]
    assert all(step.message for step in heard)
    assert [step.fraction for step in heard] == sorted(step.fraction for step in heard)


def test_a_commit_cannot_be_cancelled(store: GenerationStore, monkeypatch: pytest.MonkeyPatch):
    begun, may_go_on, activate = threading.Event(), threading.Event(), store.activate

    def slowly(number: int) -> None:
        begun.set()
        assert may_go_on.wait(30)
        activate(number)

    async def cancelled_meanwhile(number: int) -> None:
        task = asyncio.create_task(commit(store, number, ignore_step))
        await asyncio.to_thread(begun.wait, 30)
        task.cancel()
        may_go_on.set()
        await task

    monkeypatch.setattr(store, "activate", slowly)
    with changing(store):
        generation = add_generation(store, "scope-a", activate=False)
        asyncio.run(cancelled_meanwhile(generation.id))
    assert store.current() == generation
    assert (store.folder / "nodes.txt").read_text() == "scope-a\n"


def test_what_follows_the_pointer_may_fail(store: GenerationStore, caplog: pytest.LogCaptureFixture):
    with changing(store):
        generation = add_generation(store, "scope-a", activate=False)
        (store.folder / "nodes.txt").unlink()
        (store.folder / "nodes.txt").mkdir()
        with caplog.at_level(logging.WARNING):
            asyncio.run(commit(store, generation.id, ignore_step))
    assert store.current() == generation
    assert "cannot be read or changed" in caplog.text


@pytest.mark.parametrize("moved", [True, False])
def test_trouble_at_the_pointer_counts_only_when_it_has_not_moved(
    moved: bool, store: GenerationStore, monkeypatch: pytest.MonkeyPatch
):
    activate = store.activate

    def fail(number: int) -> None:
        if moved:
            activate(number)
        raise StoreUnusable("the disk is full")

    with changing(store):
        generation = add_generation(store, "scope-a", activate=False)
        # A file system that fails between renaming a file and settling its folder cannot be had.
        monkeypatch.setattr(store, "activate", fail)
        if moved:
            asyncio.run(commit(store, generation.id, ignore_step))
            assert store.current() == generation
        else:
            with pytest.raises(StoreUnusable):
                asyncio.run(commit(store, generation.id, ignore_step))
            assert store.current() == BASE_ALONE
        tidy_up(store, generation.id)
        assert store.folder_of(generation.id).exists() is moved
