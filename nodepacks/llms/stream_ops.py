"""Language models whose answer is shown while it is written."""

from typing import Annotated, Any, Literal

import answers
import messages as building
import wire
from pydantic import Field

import psynapse

_Messages = Annotated[Any, Field(description="A text, a message, or a list of messages and images")]
_Server = Annotated[str, Field(description="Where the model runs; for Ollama http://localhost:11434/v1")]
_Key = Annotated[
    str, Field(description="Name a secret here", json_schema_extra={"format": "password", "writeOnly": True})
]


@psynapse.node(cache=False)
class StreamModel:
    """Send messages to a language model and show its answer as it is written."""

    def __init__(self) -> None:
        self._stream_reporter = psynapse.StreamReporter()

    async def __call__(
        self,
        messages: _Messages,
        model: str = wire.MODEL,
        *,
        api_key: _Key = "",
        base_url: _Server = wire.OPENAI,
        system: str = "",
        temperature: Annotated[float, Field(ge=0, le=2)] | None = None,
        max_tokens: Annotated[int, Field(ge=1, le=10_000_000)] | None = None,
        tools: list[dict[str, Any]] | None = None,
        options: Annotated[dict[Any, Any], Field(strict=False)] | None = None,
        seconds: Annotated[float, Field(gt=0, le=3600, description="From one piece to the next")] = 60.0,
        retries: Annotated[int, Field(ge=0, le=10)] = 2,
    ) -> psynapse.AnnotatedDict[Literal["text", "message", "tool_calls", "finish_reason", "usage"]]:
        """Inputs and outputs are those of ``ask_model``; a tool call is only complete at the end."""
        server = wire.Server(base_url, api_key, seconds, retries)
        settings = {"temperature": temperature, "max_tokens": max_tokens, "tools": tools, **(options or {})}
        body = building.request(model, messages, system, settings)
        answer = answers.Growing(self._stream_reporter.emit)
        await wire.stream(server, "chat/completions", {**body, "stream": True}, answer)
        return psynapse.AnnotatedDict(answer.complete())
