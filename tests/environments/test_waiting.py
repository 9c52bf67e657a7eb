"""Cancelling ends what can be ended, and waits for what cannot."""

import asyncio
import threading
from functools import partial

import pytest

from psynapse.environments.waiting import in_thread, whatever_comes


class Work:
    """Something in a thread that goes on until it is let go."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self.ended = False
        self._fails = fails

    def __call__(self) -> str:
        self.begun.set()
        assert self.may_end.wait(30)
        self.ended = True
        if self._fails:
            raise ValueError("in vain")
        return "done"


async def cancel_while_it_works(task: "asyncio.Task[object]", work: Work) -> None:
    await asyncio.to_thread(work.begun.wait, 30)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0.01)
    assert not task.done()
    work.may_end.set()


def test_work_in_a_thread_gives_what_it_returns_or_raises():
    assert asyncio.run(in_thread(partial(max, 1, 2))) == 2
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_thread(lambda: 1 // 0))


@pytest.mark.parametrize("fails", [True, False])
def test_a_cancellation_goes_on_when_the_thread_is_done(fails: bool):
    async def main() -> None:
        work = Work(fails=fails)
        task = asyncio.create_task(in_thread(work))
        await cancel_while_it_works(task, work)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert work.ended

    asyncio.run(main())


def test_a_thread_whose_end_the_loop_does_not_wait_for_is_given_up():
    async def main() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(in_thread(work := Work()))
        await asyncio.to_thread(work.begun.wait, 30)
        # As a loop that ends does: it cancels everything there is.
        for one in asyncio.all_tasks(loop) - {asyncio.current_task()}:
            one.cancel()
        work.may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_some_work_cannot_be_cancelled():
    async def main() -> None:
        work = Work()
        task = asyncio.create_task(whatever_comes(asyncio.to_thread(work)))
        await cancel_while_it_works(task, work)
        assert await task == "done"

    asyncio.run(main())


def test_what_it_raises_is_raised_although_it_was_cancelled():
    async def main() -> None:
        work = Work(fails=True)
        task = asyncio.create_task(whatever_comes(in_thread(work)))
        await cancel_while_it_works(task, work)
        with pytest.raises(ValueError, match="in vain"):
            await task

    asyncio.run(main())
