"""One change at a time: told step by step, cancelled until it is too late, with an end in any case."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from psynapse.environments.errors import DependencyConflict
from psynapse.environments.refusals import EnvironmentBusy, PackageFails
from psynapse.services.announcements import Announcement
from psynapse.services.changes import ChangeCancelled, Changes, Hear, more_about

Scene = Callable[[Changes], Coroutine[None, None, None]]


def play(scene: Scene) -> None:
    asyncio.run(scene(Changes()))


async def heard_until_end(changes: Changes, begun: asyncio.Event) -> list[Announcement]:
    with changes.listening() as (first, listener):
        heard = [first]
        begun.set()
        while heard[-1]["type"] != "end":
            heard += await listener.hear()
    return heard


async def wait_at(step: str, hear: Hear) -> str:
    hear(step, f"at {step}", 0.5)
    await asyncio.sleep(30)
    return "done"


def test_what_a_change_is_at_is_told_in_order_and_who_comes_late_hears_the_last():
    async def scene(changes: Changes) -> None:
        begun = asyncio.Event()
        listening = asyncio.create_task(heard_until_end(changes, begun))
        await begun.wait()

        async def work(hear: Hear) -> int:
            hear("resolve", "choosing", 0.0)
            hear("activate", "moving", 0.9)
            return 42

        assert await changes.carry_out("install", "scope-hello", work) == 42
        heard = await listening
        assert [news.get("step") for news in heard] == [None, "begin", "resolve", "activate", None]
        assert [news.get("cancellable") for news in heard] == [None, True, True, False, None]
        assert all(news["id"] == heard[-1]["id"] for news in heard[1:])
        assert heard[-1].items() >= {"outcome": "succeeded", "verb": "install", "problem": None}.items()
        with changes.listening() as (last, _):
            assert last == heard[-1]

    play(scene)


def test_a_second_change_is_refused_while_one_goes_on():
    async def scene(changes: Changes) -> None:
        first = asyncio.create_task(changes.carry_out("install", "a", lambda hear: wait_at("build", hear)))
        await asyncio.sleep(0.01)
        with pytest.raises(EnvironmentBusy, match="at build"):
            await changes.carry_out("install", "b", lambda hear: wait_at("build", hear))
        assert await changes.cancel()
        with pytest.raises(ChangeCancelled):
            await first
        assert not changes.going_on

    play(scene)


def test_from_its_commit_point_on_a_change_cannot_be_cancelled():
    async def scene(changes: Changes) -> None:
        finish = asyncio.Event()

        async def work(hear: Hear) -> str:
            hear("activate", "moving", 0.9)
            await finish.wait()
            return "moved"

        change = asyncio.create_task(changes.carry_out("rollback", "", work))
        await asyncio.sleep(0.01)
        assert not await changes.cancel()
        settling = asyncio.create_task(changes.settle())
        await asyncio.sleep(0.01)
        assert not settling.done()
        finish.set()
        await settling
        assert await change == "moved"

    play(scene)


def test_who_asked_may_go_away_and_the_change_goes_on():
    async def scene(changes: Changes) -> None:
        done = asyncio.Event()

        async def work(hear: Hear) -> None:
            hear("build", "building", 0.3)
            await asyncio.sleep(0.05)
            done.set()

        asking = asyncio.create_task(changes.carry_out("install", "a", work))
        await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.wait_for(done.wait(), 5)

    play(scene)


def test_why_a_change_has_failed_is_told_with_everything_that_is_known():
    async def scene(changes: Changes) -> None:
        async def work(_: Hear) -> None:
            raise DependencyConflict("a needs b", explanation="because", culprits=["a", "b"], hint="ask for less")

        begun = asyncio.Event()
        listening = asyncio.create_task(heard_until_end(changes, begun))
        await begun.wait()
        with pytest.raises(DependencyConflict):
            await changes.carry_out("install", "a", work)
        end = (await listening)[-1]
        assert (end["outcome"], end["message"]) == ("failed", "a needs b")
        assert end["problem"] == {
            "code": "dependency-conflict",
            "detail": "a needs b",
            "hint": "ask for less",
            "explanation": "because",
            "culprits": ["a", "b"],
        }

    play(scene)


def test_a_bug_ends_a_change_as_well():
    async def scene(changes: Changes) -> None:
        async def work(_: Hear) -> None:
            raise KeyError("ours")

        with pytest.raises(KeyError):
            await changes.carry_out("install", "a", work)
        with changes.listening() as (last, _):
            assert (last["outcome"], "KeyError" in str(last["message"])) == ("failed", True)
        assert not changes.going_on

    play(scene)


def test_only_what_errors_about_packages_have_is_told_of_an_error():
    assert more_about(PackageFails("no", package="p", traceback="t")) == {"package": "p", "traceback": "t"}
    assert more_about(EnvironmentBusy("wait", pid=5)) == {}
