"""Plans, made once for each document and let go when it is time."""

import asyncio
from typing import Any

from psynapse.model.catalog import Catalog
from psynapse.services.plans import Plans


def document(number: int) -> dict[str, Any]:
    return {"nodes": [{"id": f"n{number}", "type": "viewNode"}], "edges": []}


def key(number: int) -> bytes:
    return bytes([number])


def test_the_plans_asked_for_last_are_kept_and_others_only_until_there_is_time_to_let_them_go():
    async def story() -> None:
        plans = Plans(Catalog())
        first = await plans.make(document(0), (), key(0))
        for number in range(1, 40):
            await plans.make(document(number), (), key(number))
        assert await plans.make(document(0), (), key(0)) is first
        plans.forget()
        kept = [number for number in range(40) if key(number) in plans]
        assert kept == [0, *range(9, 40)]
        plans.forget()
        assert all(key(number) in plans for number in kept)

    asyncio.run(story())
