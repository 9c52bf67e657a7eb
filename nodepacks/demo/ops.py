"""Small nodes that show what functions can be: pure, slow in another process, asynchronous."""

import asyncio
import itertools
import math
import re
from typing import Annotated, Any, Literal

from pydantic import Field

import psynapse

_SHADES = " .:-=+*#%@"


def fibonacci(count: Annotated[int, Field(ge=0, le=10_000)] = 10) -> list[int]:
    """The first Fibonacci numbers: 0, 1, and then always the sum of the last two."""
    numbers = [0, 1]
    while len(numbers) < count:
        numbers.append(numbers[-1] + numbers[-2])
    return numbers[: max(count, 0)]


def word_count(text: str) -> psynapse.AnnotatedDict[Literal["words", "characters", "lines"]]:
    """Count the words, characters and lines of a text; each count has its own output."""
    return psynapse.AnnotatedDict(words=len(text.split()), characters=len(text), lines=len(text.splitlines()))


def caesar_cipher(text: str, shift: int = 3, direction: Literal["encode", "decode"] = "encode") -> str:
    """Encode a text as Julius Caesar did: each letter moves some places along the alphabet."""
    places = shift if direction == "encode" else -shift
    return re.sub("[A-Za-z]", lambda letter: _moved(letter[0], places), text)


def _moved(letter: str, places: int) -> str:
    first = ord("a") if letter.islower() else ord("A")
    return chr(first + (ord(letter) - first + places) % 26)


def mandelbrot(
    width: Annotated[int, Field(ge=1, le=400)] = 72,
    height: Annotated[int, Field(ge=1, le=200)] = 24,
    iterations: Annotated[int, Field(ge=1, le=1000)] = 60,
) -> str:
    """Draw the Mandelbrot set with letters: the darker, the longer a point takes to escape."""
    return "\n".join(
        "".join(
            _shade(complex(-2.2 + 3.2 * (x + 0.5) / width, 1.2 - 2.4 * (y + 0.5) / height), iterations)
            for x in range(width)
        )
        for y in range(height)
    )


def _shade(point: complex, iterations: int) -> str:
    z = 0j
    for step in range(iterations):
        z = z * z + point
        if z.real * z.real + z.imag * z.imag > 4:  # noqa: PLR2004 -- beyond a distance of 2 every point escapes
            return _SHADES[step * (len(_SHADES) - 1) // iterations]
    return _SHADES[-1]


@psynapse.node(executor="process")
def count_primes(limit: Annotated[int, Field(ge=0, le=10_000_000)] = 100_000) -> int:
    """How many prime numbers there are up to a limit, counted the hard way in a process of its own.

    Several of these run on several processor cores at once. A sieve would be faster; this is about honest work.
    """
    primes: list[int] = []
    for number in range(2, limit + 1):
        root = math.isqrt(number)
        if all(number % prime for prime in itertools.takewhile(root.__ge__, primes)):
            primes.append(number)
    return len(primes)


async def wait_and_return(value: Any = None, seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0) -> Any:
    """Wait some seconds, then pass the value on; any number of these wait at the same time."""
    await asyncio.sleep(seconds)
    return value
