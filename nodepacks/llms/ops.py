"""Language models of any server that speaks OpenAI's protocol: OpenAI itself, Ollama, vLLM, LM Studio and more.

``messages`` takes a text, a message, or a list of them, as Variables with a message format give them. Keys belong to
the secrets in the settings; a node only names them.
"""

from typing import Annotated, Any, Literal

import answers
import embedding
import messages as building
import structures
import wire
from pydantic import Field

import psynapse

_Messages = Annotated[Any, Field(description="A text, a message, or a list of messages and images")]
_Object = Annotated[dict[Any, Any], Field(strict=False)]
_Texts = Annotated[list[str], Field(strict=False)]
_Rows = list[dict[str, Any]]
_Server = Annotated[str, Field(description="Where the model runs; for Ollama http://localhost:11434/v1")]
_Key = Annotated[
    str, Field(description="Name a secret here", json_schema_extra={"format": "password", "writeOnly": True})
]
_Seconds = Annotated[float, Field(gt=0, le=3600, description="For the whole answer")]
_Retries = Annotated[int, Field(ge=0, le=10)]
_Temperature = Annotated[float, Field(ge=0, le=2)]
_Tokens = Annotated[int, Field(ge=1, le=10_000_000)]
_Role = Literal["user", "assistant", "system", "developer"]


@psynapse.node(cache=False)
async def ask_model(
    messages: _Messages,
    model: str = wire.MODEL,
    *,
    api_key: _Key = "",
    base_url: _Server = wire.OPENAI,
    system: str = "",
    temperature: _Temperature | None = None,
    max_tokens: _Tokens | None = None,
    tools: _Rows | None = None,
    options: _Object | None = None,
    seconds: _Seconds = 120.0,
    retries: _Retries = 2,
) -> psynapse.AnnotatedDict[Literal["text", "message", "tool_calls", "finish_reason", "usage"]]:
    """Send messages to a language model and wait for its whole answer; StreamModel shows it as it is written.

    ``message`` continues the conversation, ``tool_calls`` are the tools that the model wants to use. ``options`` are
    further settings that the server knows, such as ``{"seed": 1}``.
    """
    server = wire.Server(base_url, api_key, seconds, retries)
    settings = {"temperature": temperature, "max_tokens": max_tokens, "tools": tools, **(options or {})}
    body = building.request(model, messages, system, settings)
    return psynapse.AnnotatedDict(answers.complete(await wire.post(server, "chat/completions", body)))


@psynapse.node(cache=False)
async def ask_for_object(
    messages: _Messages,
    schema: _Object,
    model: str = wire.MODEL,
    *,
    api_key: _Key = "",
    base_url: _Server = wire.OPENAI,
    system: str = "",
    temperature: _Temperature | None = 0.0,
    seconds: _Seconds = 120.0,
    retries: _Retries = 2,
) -> dict[str, Any]:
    """Have a language model fill in an object, such as the name and price in an offer.

    ``schema`` is a JSON schema, or in short ``{"name": "str", "price": "float", "tags": "list[str]"}``. Raises
    ValueError when the answer is no such object.
    """
    server = wire.Server(base_url, api_key, seconds, retries)
    full = structures.schema(schema)
    settings = {"temperature": temperature, "response_format": structures.response_format(full)}
    body = building.request(model, messages, system, settings)
    answer = answers.complete(await wire.post(server, "chat/completions", body))
    return structures.read(answer["text"], full)


@psynapse.node(cache=False)
async def embed_texts(
    texts: _Texts,
    model: str = "text-embedding-3-small",
    *,
    api_key: _Key = "",
    base_url: _Server = wire.OPENAI,
    batch: Annotated[int, Field(ge=1, le=2048, description="Texts in one request")] = 100,
    seconds: _Seconds = 120.0,
    retries: _Retries = 2,
) -> list[list[float]]:
    """Turn texts into lists of numbers that are close together when the texts mean similar things."""
    server = wire.Server(base_url, api_key, seconds, retries)
    return await embedding.vectors(server, model, texts, batch)


@psynapse.node(cache=False)
async def list_models(
    api_key: _Key = "", base_url: _Server = wire.OPENAI, seconds: _Seconds = 30.0, retries: _Retries = 2
) -> list[str]:
    """The names of the models that a server offers, sorted. Shows at once whether address and key are right."""
    return answers.model_names(await wire.get(wire.Server(base_url, api_key, seconds, retries), "models"))


def rank_by_meaning(
    query: list[float], vectors: list[list[float]], texts: _Texts, count: Annotated[int, Field(ge=1)] = 3
) -> _Rows:
    """The texts that are closest in meaning to a question, best first, as a table of text and similarity.

    ``query`` is the vector of the question and ``vectors`` are those of the texts, all by the same embedding model.
    """
    return embedding.ranked(query, vectors, texts, count)


def chat_message(content: _Messages, role: _Role = "user") -> dict[str, Any]:
    """A message of a conversation, of a text or of texts and images together."""
    return building.message(content, role)


def join_messages(first: _Messages, second: _Messages) -> _Rows:
    """Two messages or conversations as one, in this order."""
    return [*building.conversation(first), *building.conversation(second)]


def image_for_model(image: Any, detail: Literal["auto", "low", "high"] = "auto") -> dict[str, Any]:
    """An image as a part of a message, for models that see: an image of another node, a data URL or an address."""
    return building.image_part(image, detail)


def tool_definition(name: str, description: str, parameters: _Object | None = None) -> dict[str, Any]:
    """Describe a tool that a model may ask for. The name has letters, digits, dashes and underscores.

    ``parameters`` is a JSON schema, or in short ``{"city": "str", "days": "int"}``. The model never runs anything: it
    answers with ``tool_calls``, and your workflow decides.
    """
    return structures.tool(name, description, parameters or {})


def read_tool_calls(tool_calls: list[Any]) -> _Rows:
    """The tools that a model asks for, as a table of id, name and arguments. Raises ValueError for broken arguments."""
    return structures.tool_calls(tool_calls)


def tool_result(tool_call: _Object, result: Any) -> dict[str, Any]:
    """The message that gives a tool's result back to the model; the call is one row of ``read_tool_calls``."""
    return building.tool_message(tool_call, result)
