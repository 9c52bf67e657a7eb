"""Messages and their parts, from whatever a workflow has for them."""

import base64
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_ADVICE = "connect a text, a message, or a list of them"


def request(model: str, messages: Any, system: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a server is asked. Raises ValueError when there is nothing to ask."""
    talk = conversation(messages)
    if not talk:
        raise ValueError(f"there are no messages; {_ADVICE}")
    if not model.strip():
        raise ValueError("no model is named; fill in model, and see list_models for those there are")
    first = [{"role": "system", "content": system}] if system.strip() else []
    set_ones = {name: value for name, value in settings.items() if value is not None and value != []}
    return {"model": model.strip(), "messages": [*first, *talk], **set_ones}


def conversation(value: Any) -> list[dict[str, Any]]:
    """The messages. Parts that stand beside each other become one message. Raises TypeError for anything else."""
    talk: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for item in _items(value):
        if isinstance(item, Mapping) and "role" in item:
            talk += _gathered(parts)
            parts = []
            talk.append(dict(item))
        elif part := _part(item):
            parts.append(part)
    return [*talk, *_gathered(parts)]


def _items(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else [value]


def _gathered(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One message, of plain text where that is all: some servers know nothing else."""
    if len(parts) == 1 and parts[0]["type"] == "text":
        yield {"role": "user", "content": parts[0]["text"]}
    elif parts:
        yield {"role": "user", "content": list(parts)}


def _part(item: Any) -> dict[str, Any] | None:
    """A piece of a message; None for an empty text."""
    if isinstance(item, str):
        if item.startswith("data:image/"):
            return image_part(item, "auto")
        return {"type": "text", "text": item} if item.strip() else None
    if isinstance(item, Mapping) and item.get("type") == "text":
        # Text variables of older workflows write their text under another name.
        return {"type": "text", "text": str(item.get("text", item.get("content", "")))}
    if isinstance(item, Mapping) and isinstance(item.get("type"), str):
        return dict(item)
    if _is_image(item):
        return image_part(item, "auto")
    kind = "nothing" if item is None else f"a value of type {type(item).__name__}"
    raise TypeError(f"{kind} is no message; {_ADVICE}")


def message(content: Any, role: str) -> dict[str, Any]:
    """A message. Raises ValueError when it would be empty, or holds other messages."""
    talk = conversation(content)
    if len(talk) != 1 or (isinstance(content, Mapping) and "role" in content):
        raise ValueError(f"one message is made of texts and images, but these are {len(talk)} messages; {_ADVICE}")
    return {**talk[0], "role": role}


def image_part(image: Any, detail: str) -> dict[str, Any]:
    """The part of a message that an image is. Raises TypeError for what is none."""
    settings = {} if detail == "auto" else {"detail": detail}
    return {"type": "image_url", "image_url": {"url": _image_url(image), **settings}}


def _is_image(value: Any) -> bool:
    return hasattr(value, "save") and hasattr(value, "getbands")


def _image_url(image: Any) -> str:
    if isinstance(image, str) and image.startswith(("data:image/", "https://", "http://")):
        return image
    if not _is_image(image):
        shown = repr(image[:60]) if isinstance(image, str) else f"a value of type {type(image).__name__}"
        raise TypeError(f"{shown} is no image; use read_data_url or open_image for a file")
    stream = io.BytesIO()
    opaque = image.mode in ("RGB", "L")
    image.save(stream, "JPEG" if opaque else "PNG")
    return f"data:image/{'jpeg' if opaque else 'png'};base64,{base64.b64encode(stream.getvalue()).decode()}"


def tool_message(call: Mapping[Any, Any], result: Any) -> dict[str, Any]:
    """The message. Raises ValueError for a call without an id."""
    if not call.get("id"):
        raise ValueError("this tool call has no id; connect one row of read_tool_calls")
    text = result if isinstance(result, str) else json.dumps(result, ensure_ascii=False, default=str)
    return {"role": "tool", "tool_call_id": call["id"], "content": text}
