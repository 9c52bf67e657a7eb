"""Keeping the environment variables of a run out of what it says."""

from collections.abc import Mapping
from typing import Final, cast

from psynapse.engine.records import COMPLETED
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps, loads

_SHORTEST_SECRET: Final = 8
"""Shorter values are ordinary words."""
_INSTEAD: Final = "[redacted]"
_OUTPUT: Final = "output"


class Redaction:
    """Replaces the values of environment variables, wherever they can be recognised."""

    def __init__(self, env: Mapping[str, str]) -> None:
        # A secret may be part of another one.
        self._secrets = sorted({value for value in env.values() if len(value) >= _SHORTEST_SECRET}, key=len)[::-1]
        self._plain = [value.encode("utf-8", "surrogateescape") for value in self._secrets]
        self._in_json = [dumps(value)[1:-1] for value in self._secrets]

    def text(self, content: bytes) -> bytes:
        """Printed text without them."""
        for secret in self._plain:
            content = content.replace(secret, _INSTEAD.encode())
        return content

    def value(self, encoded: bytes) -> bytes:
        """The JSON of a value without them, the names in it included."""
        if not any(secret in encoded for secret in self._in_json):
            return encoded
        return dumps(self._value(loads(encoded)))

    def records(self, encoded: bytes) -> bytes:
        """Records of a worker without them: in what nodes say, not in what the records themselves are made of.

        Raises ValueError when they are not JSON, which is only noticed where there is something to replace.
        """
        if not any(secret in encoded for secret in self._in_json):
            return encoded
        records = cast("list[tuple[float, int, int, Json]]", loads(encoded))
        return dumps([[at, task, code, self._said(code, content)] for at, task, code, content in records])

    def _said(self, code: int, content: Json) -> Json:
        """A preview, or a body: its fields keep their names, and their numbers if those are not a node's output."""
        if code <= COMPLETED or not isinstance(content, dict):
            return self._value(content)
        return {
            name: self._value(value) if isinstance(value, str) or name == _OUTPUT else value
            for name, value in content.items()
        }

    def _value(self, value: Json) -> Json:
        match value:
            case str():
                return self._shown(value)
            case list():
                return [self._value(item) for item in value]
            case dict():
                return {self._shown(name): self._value(item) for name, item in value.items()}
            case int() | float():
                return _INSTEAD if self._shown(str(value)) != str(value) else value
            case _:
                return value

    def _shown(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _INSTEAD)
        return text
