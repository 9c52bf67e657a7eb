"""Nodes that send text as it comes, as a language model does, without a network."""

import random
import re
import time
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

import psynapse

_Delay = Annotated[float, Field(ge=0, le=60)]
_OPENINGS = ("One morning {hero} woke up {place}.", "Nobody knew why {hero} lived {place}.")
_MIDDLES = (
    "Every door there opened onto another question.",
    "{hero} found a map on which all the arrows pointed home.",
    "The wind carried a tune that only {hero} could hear.",
    "By noon three lost things had come back of their own accord.",
    "A small machine asked politely to be repaired.",
)
_ENDINGS = ("And that is why the lamps {place} still burn at night.", "{hero} smiled, and the story began again.")


class StreamWords:
    """Send a text word by word, with a pause in seconds after each."""

    def __init__(self) -> None:
        self._stream_reporter = psynapse.StreamReporter()

    def __call__(self, text: str, delay: _Delay = 0.03) -> str:
        """Returns the whole text, unchanged."""
        return _send(_tokens(text), delay, self._stream_reporter)


class StreamStory:
    """Tell a very short story word by word; the same seed tells the same story."""

    def __init__(self) -> None:
        self._stream_reporter = psynapse.StreamReporter()

    def __call__(
        self,
        hero: str = "Ada",
        place: Literal["by the sea", "on the moon", "in the library"] = "by the sea",
        sentences: Annotated[int, Field(ge=2, le=200)] = 5,
        delay: _Delay = 0.03,
        seed: int = 1,
    ) -> str:
        """Returns the story."""
        return _send(_tokens(_story(hero, place, sentences, seed)), delay, self._stream_reporter)


def _story(hero: str, place: str, sentences: int, seed: int) -> str:
    dice = random.Random(seed)
    middles = [_MIDDLES[index % len(_MIDDLES)] for index in range(max(sentences - 2, 0))]
    dice.shuffle(middles)
    parts = [dice.choice(_OPENINGS), *middles, dice.choice(_ENDINGS)]
    # A hero called "{place}" is only a name: what is filled in is not read as a template again.
    return " ".join(part.format(hero=hero, place=place) for part in parts)


def _tokens(text: str) -> list[str]:
    """Pieces that are the text again when put together: each word with the spaces before it, then what is left."""
    return re.findall(r"\s*\S+|\s+$", text)


def _send(tokens: Iterable[str], delay: float, reporter: psynapse.StreamReporter) -> str:
    sent: list[str] = []
    for token in tokens:
        reporter.emit(token)
        sent.append(token)
        time.sleep(delay)
    return "".join(sent)
