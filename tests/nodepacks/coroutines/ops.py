import asyncio
from collections.abc import AsyncIterator, Iterator


async def wait(seconds: float = 0.0) -> float:
    """Wait, then return."""
    await asyncio.sleep(seconds)
    return seconds


class Fetch:
    async def __call__(self, url: str) -> str:
        return url


def count(n: int) -> Iterator[int]:
    yield from range(n)


async def ticks(n: int) -> AsyncIterator[int]:
    for index in range(n):
        yield index
