"""What servers answer, whole or in pieces."""

from collections.abc import Callable
from typing import Any

_MOST_CHARACTERS = 20_000_000


def complete(answer: Any) -> dict[str, Any]:
    """The parts of a whole answer. Raises ValueError when it is none."""
    try:
        choice = answer["choices"][0]
        message = dict(choice["message"])
    except (KeyError, IndexError, TypeError, ValueError):
        raise ValueError(f"the server sent no answer of a chat model: {str(answer)[:200]}") from None
    return _parts(message, choice.get("finish_reason"), answer.get("usage"))


def _parts(message: dict[str, Any], reason: Any, usage: Any) -> dict[str, Any]:
    return {
        "text": message.get("content") or "",
        "message": message,
        "tool_calls": message.get("tool_calls") or [],
        "finish_reason": reason or "",
        "usage": usage or {},
    }


def model_names(answer: Any) -> list[str]:
    """The names, sorted. Raises ValueError for another answer."""
    try:
        return sorted(str(model["id"]) for model in answer["data"])
    except (KeyError, TypeError):
        raise ValueError(f"the server sent no list of models: {str(answer)[:200]}") from None


class Growing:
    """An answer that arrives piece by piece; each piece of text goes to ``emit`` at once."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit
        self._texts: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._reason: str = ""
        self._usage: Any = None
        self.length = 0

    @property
    def finished(self) -> bool:
        """Whether the model has said that it is done."""
        return bool(self._reason)

    def add(self, piece: Any) -> None:
        """Take in one piece. Raises ValueError when it is none, or there is no end to them."""
        try:
            self._usage = piece.get("usage") or self._usage
            for choice in piece.get("choices") or []:
                self._reason = choice.get("finish_reason") or self._reason
                delta = choice.get("delta") or {}
                self._add_text(delta.get("content") or "")
                for call in delta.get("tool_calls") or []:
                    self._add_call(call)
        except (AttributeError, TypeError, KeyError):
            raise ValueError(f"the server sent a piece that is none of an answer: {str(piece)[:200]}") from None

    def _add_text(self, text: str) -> None:
        self.length += len(text)
        if self.length > _MOST_CHARACTERS:
            raise ValueError(f"the answer has more than {_MOST_CHARACTERS:,} characters; set max_tokens")
        self._texts.append(text)
        if text:
            self._emit(text)

    def _add_call(self, call: dict[str, Any]) -> None:
        empty: dict[str, Any] = {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
        whole = self._calls.setdefault(call.get("index", len(self._calls)), empty)
        whole["id"] = call.get("id") or whole["id"]
        for name in ("name", "arguments"):
            whole["function"][name] += call.get("function", {}).get(name) or ""

    def complete(self) -> dict[str, Any]:
        """The parts of the whole answer."""
        calls = [self._calls[index] for index in sorted(self._calls)]
        message = {"role": "assistant", "content": "".join(self._texts), **({"tool_calls": calls} if calls else {})}
        return _parts(message, self._reason, self._usage)
