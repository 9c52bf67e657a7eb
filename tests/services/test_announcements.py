import asyncio

from psynapse.services.announcements import MOST_WAITING, Announcements


def test_everybody_who_listens_hears_everything_in_order():
    async def scene() -> None:
        announcements = Announcements()
        announcements.publish({"type": "before anybody listened"})
        with announcements.listening() as one, announcements.listening() as other:
            for number in range(3):
                announcements.publish({"type": "workflow", "number": number})
            for listener in (one, other):
                assert [news["number"] for news in await listener.hear()] == [0, 1, 2]
            waiting = asyncio.ensure_future(one.hear())
            await asyncio.sleep(0)
            announcements.publish({"type": "secrets"})
            assert await waiting == [{"type": "secrets"}]

    asyncio.run(scene())


def test_a_slow_listener_is_told_to_ask_again_and_costs_no_more_memory():
    async def scene() -> None:
        announcements = Announcements()
        with announcements.listening() as slow:
            for number in range(MOST_WAITING + 5):
                announcements.publish({"number": number})
            news = await slow.hear()
            assert news == [{"type": "resync"}, *({"number": MOST_WAITING + later} for later in range(1, 5))]

    asyncio.run(scene())


def test_who_stopped_listening_is_forgotten():
    async def scene() -> None:
        announcements = Announcements()
        with announcements.listening() as gone:
            pass
        announcements.publish({"type": "secrets"})
        waiting = asyncio.ensure_future(gone.hear())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        waiting.cancel()

    asyncio.run(scene())


def test_giving_up_waiting_loses_nothing():
    async def scene() -> None:
        announcements = Announcements()
        with announcements.listening() as listener:
            waiting = asyncio.ensure_future(listener.hear())
            await asyncio.sleep(0)
            announcements.publish({"type": "secrets"})
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            assert await listener.hear() == [{"type": "secrets"}]

    asyncio.run(scene())
