"""The nodes of the pack ``llms`` against a real server on loopback: answers, streams, and what goes wrong."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from model_server import KEY, WORDS, ModelServer

import psynapse
from psynapse.catalog.nodepacks import shipped_root
from psynapse.engine.runner import Runner
from psynapse.errors import RunCancelled
from psynapse.model.events import RunEvent, TaskStreamed
from psynapse.planning.plan import Plan

pytest.importorskip("httpx")
BOTH = pytest.mark.parametrize("name", ["ask_model", "StreamModel"])


def graph(name: str, /, **values: object) -> dict[str, Any]:
    return {"nodes": [{"id": "it", "type": "functionNode", "data": {"functionName": name, **values}}], "edges": []}


def run(name: str, /, **values: object) -> Any:
    return psynapse.run(graph(name, **values), nodepacks=shipped_root(), targets=["it"])["it"]


def error_of(name: str, /, **values: object) -> str:
    result = psynapse.run(graph(name, **values), nodepacks=shipped_root(), targets=["it"], check=False)
    return result.errors["it"].error


def streamed(events: Sequence[RunEvent]) -> str:
    return "".join(event.body.chunk for event in events if isinstance(event.body, TaskStreamed))


@BOTH
def test_a_model_is_asked_and_answers(name: str, model_server: ModelServer):
    answer = run(name, messages="Hello there", model="echo", base_url=model_server.url, api_key=KEY, system="Be kind")
    assert (answer["text"], answer["finish_reason"], answer["usage"]) == ("Hello there", "stop", {"total_tokens": 7})
    assert answer["message"] == {"role": "assistant", "content": "Hello there"}
    path, headers, body = model_server.requests[0]
    assert (path, headers["Authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    assert body["messages"][0] == {"role": "system", "content": "Be kind"}
    assert "temperature" not in body


def test_a_stream_arrives_word_by_word(model_server: ModelServer):
    events: list[RunEvent] = []
    flow = graph("StreamModel", messages="x", model="slow", base_url=model_server.url)
    result: Any = psynapse.run(flow, nodepacks=shipped_root(), targets=["it"], on_event=events.extend)["it"]
    assert result["text"] == streamed(events) == "".join(WORDS)
    assert len([event for event in events if isinstance(event.body, TaskStreamed)]) > 1


def test_settings_reach_the_server(model_server: ModelServer):
    values = {"temperature": 0.5, "max_tokens": 9, "options": {"seed": 1}, "tools": [{"type": "function"}]}
    run("ask_model", messages="x", model="echo", base_url=f"{model_server.url}/", **values)
    (body,) = model_server.bodies
    assert {name: body[name] for name in ("temperature", "max_tokens", "seed")} == {
        "temperature": 0.5,
        "max_tokens": 9,
        "seed": 1,
    }
    assert "Authorization" not in model_server.requests[0][1]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ("hi", [{"role": "user", "content": "hi"}]),
        ({"role": "assistant", "content": "a"}, [{"role": "assistant", "content": "a"}]),
        ({"type": "text", "content": "old"}, [{"role": "user", "content": "old"}]),
        (
            ["look", "data:image/png;base64,AA", {"role": "user", "content": "b"}],
            [
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "look"},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}},
                    ],
                },
                {"role": "user", "content": "b"},
            ],
        ),
    ],
)
def test_messages_of_every_form_are_taken(messages: Any, expected: list[Any], model_server: ModelServer):
    run("ask_model", messages=messages, model="echo", base_url=model_server.url)
    assert model_server.bodies[0]["messages"] == expected


def test_messages_are_built():
    image = {"type": "image_url", "image_url": {"url": "https://example.org/x.png", "detail": "low"}}
    assert run("image_for_model", image="https://example.org/x.png", detail="low") == image
    assert run("chat_message", content=["see", image], role="user")["content"][1] == image
    assert run("chat_message", content="x", role="system") == {"role": "system", "content": "x"}
    assert run("join_messages", first="a", second=[{"role": "assistant", "content": "b"}]) == [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
    ]
    call = {"id": "c1", "name": "weather", "arguments": {}}
    assert run("tool_result", tool_call=call, result={"sun": True}) == {
        "role": "tool",
        "tool_call_id": "c1",
        "content": '{"sun": true}',
    }


def test_an_image_of_another_node_is_sent_as_a_picture():
    pytest.importorskip("PIL")
    nodes = graph("image_for_model")["nodes"] + [
        {"id": "new", "type": "functionNode", "data": {"functionName": "new_image", "width": 2, "height": 2}}
    ]
    edge = {"source": "new", "sourceHandle": "result", "target": "it", "targetHandle": "image"}
    part: Any = psynapse.run({"nodes": nodes, "edges": [edge]}, nodepacks=shipped_root(), targets=["it"])["it"]
    assert part["image_url"]["url"].startswith("data:image/jpeg;base64,/9j/")


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("ask_model", {"messages": ""}, "there are no messages"),
        ("ask_model", {"messages": 3}, "a value of type int is no message"),
        ("ask_model", {"messages": None}, "nothing is no message"),
        ("ask_model", {"messages": "x", "model": " "}, "no model is named"),
        ("ask_model", {"messages": "x", "base_url": "localhost:1"}, "is not a web address; it looks like https://"),
        ("ask_model", {"messages": "x", "base_url": "http://a:b@host/v1"}, "put the key into the secrets"),
        ("ask_model", {"messages": "x", "temperature": 3}, "less than or equal to 2"),
        ("ask_model", {"messages": "x", "api_key": "a\nb"}, "the key has characters that no key has"),
        ("image_for_model", {"image": "cat.png"}, "'cat.png' is no image; use read_data_url or open_image"),
        ("chat_message", {"content": []}, "these are 0 messages"),
        ("tool_result", {"tool_call": {}, "result": 1}, "this tool call has no id"),
        ("tool_definition", {"name": "a b", "description": ""}, "cannot be the name of a tool"),
        ("read_tool_calls", {"tool_calls": [3]}, "'3' is no tool call"),
        ("ask_for_object", {"messages": "x", "schema": {"a": "number or so"}}, "use one of str, int, float"),
    ],
)
def test_what_is_wrong_with_an_input_is_said_before_anybody_is_asked(name: str, values: dict[str, Any], message: str):
    assert message in error_of(name, **values)


def test_tools_are_described_and_asked_for(model_server: ModelServer):
    tool = run("tool_definition", name="weather", description="d", parameters={"city": "str", "days": "list[int]"})
    assert tool["function"]["parameters"]["properties"] == {
        "city": {"type": "string"},
        "days": {"type": "array", "items": {"type": "integer"}},
    }
    for name in ("ask_model", "StreamModel"):
        answer = run(name, messages="x", model="tools", base_url=model_server.url, tools=[tool])
        assert answer["finish_reason"] == "tool_calls"
        assert run("read_tool_calls", tool_calls=answer["tool_calls"]) == [
            {"id": "c1", "name": "weather", "arguments": {"city": "Rome"}}
        ]
    broken = [{"id": "c", "function": {"name": "f", "arguments": "{"}}]
    assert "arguments that are not JSON: '{'" in error_of("read_tool_calls", tool_calls=broken)


def test_a_model_fills_in_an_object(model_server: ModelServer):
    schema = {"name": "str", "age": "int"}
    found = run("ask_for_object", messages="x", schema=schema, model="object", base_url=model_server.url)
    assert found == {"name": "Ada", "age": 36}
    sent = model_server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert sent["required"] == ["name", "age"]
    assert sent["properties"]["age"] == {"type": "integer"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sorry", "did not answer with JSON but with 'sorry'"),
        ("[1]", "answered with a list, not an object"),
        ('{"age": 1}', "lacks name"),
        ('{"name": "Ada", "age": "old"}', "gave 'old' for 'age', which should be of type integer"),
        ('{"name": "Ada", "age": true}', "gave True for 'age'"),
    ],
)
def test_an_answer_that_is_no_such_object_is_said_so(text: str, message: str, model_server: ModelServer):
    values = {"schema": {"name": "str", "age": "int"}, "model": "echo", "base_url": model_server.url}
    assert message in error_of("ask_for_object", messages=text, **values)


def test_texts_are_embedded_in_batches_and_ranked(model_server: ModelServer):
    texts = ["banana", "egg", "papaya"]
    vectors = run("embed_texts", texts=texts, model="embedder", base_url=model_server.url, batch=2)
    assert vectors == [[3, 0, 0, 0, 0], [0, 1, 0, 0, 0], [3, 0, 0, 0, 0]]
    assert [len(body["input"]) for body in model_server.bodies] == [2, 1]
    rows = run("rank_by_meaning", query=[1, 0, 0, 0, 0], vectors=vectors, texts=texts, count=2)
    assert rows == [{"text": "banana", "similarity": 1}, {"text": "papaya", "similarity": 1}]
    assert run("embed_texts", texts=[], model="embedder", base_url=model_server.url) == []
    assert "text 1 is empty" in error_of("embed_texts", texts=["a", " "], base_url=model_server.url)
    assert "no embeddings" in error_of("embed_texts", texts=["a"], model="odd", base_url=model_server.url)
    assert "there are 1 vectors for 0 texts" in error_of("rank_by_meaning", query=[1], vectors=[[1]], texts=[])
    assert "of different models" in error_of("rank_by_meaning", query=[1], vectors=[[1, 2]], texts=["a"])


def test_models_are_listed(model_server: ModelServer):
    assert run("list_models", base_url=model_server.url) == ["echo", "slow"]


@BOTH
def test_a_busy_server_is_asked_again_after_the_time_it_names(name: str, model_server: ModelServer):
    assert run(name, messages="x", model="busy", base_url=model_server.url)["text"] == "".join(WORDS)
    assert len(model_server.requests) == 3


@BOTH
def test_patience_ends(name: str, model_server: ModelServer):
    busy = error_of(name, messages="x", model="busy", base_url=model_server.url, retries=1)
    assert "answered 429: it was asked too often" in busy
    assert "(slow down)" in busy
    down = error_of(name, messages="x", model="down", base_url=model_server.url, retries=0)
    assert "answered 503: try again later" in down
    before = len(model_server.requests)
    assert "(it says to wait 86,400 seconds)" in error_of(
        name, messages="x", model="closed", base_url=model_server.url, retries=5
    )
    assert len(model_server.requests) == before + 1


@BOTH
@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("nobody", "answered 404: there is no such address or model"),
        ("locked", "answered 401: it does not accept the key; check the secret that api_key names"),
        ("hang-up", "broke off the connection"),
        ("silent", "seconds"),
        ("odd", "the server sent"),
        ("garbage", "not"),
    ],
)
def test_a_failing_server_says_what_to_do(name: str, model: str, message: str, model_server: ModelServer):
    # A machine that is busy may take longer than that to answer anything.
    seconds = 0.3 if model == "silent" else 20
    values = {"base_url": model_server.url, "api_key": KEY, "seconds": seconds, "retries": 0}
    error = error_of(name, messages="x", model=model, **values)
    assert message in error
    assert KEY not in error


def test_an_answer_that_trickles_in_does_not_take_for_ever(model_server: ModelServer):
    error = error_of("ask_model", messages="x", model="trickle", base_url=model_server.url, seconds=0.3)
    assert error == "there was no whole answer within 0.3 seconds; allow more time"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("cut", "the connection broke off after 4 characters of the answer; try again"),
        ("torn", "broke off the connection; try again (after 4 characters of the answer)"),
        ("failing-stream", "the server stopped: overloaded"),
        ("garbage", "the server sent a piece that is not JSON: '{broken [key]'"),
        ("odd", "the server sent a piece that is none of an answer"),
    ],
)
def test_a_stream_that_breaks_is_an_error_and_never_asked_again(model: str, message: str, model_server: ModelServer):
    error = error_of("StreamModel", messages="x", model=model, base_url=model_server.url, api_key=KEY)
    assert message in error
    assert len(model_server.requests) == 1


def test_nobody_there_is_said_so():
    error = error_of("ask_model", messages="x", base_url="http://127.0.0.1:9/v1", retries=0)
    assert (
        error == "http://127.0.0.1:9/v1/chat/completions cannot be reached; is the server running, and base_url right?"
    )


def test_a_cancelled_stream_ends_at_once_and_lets_go_of_the_server(model_server: ModelServer):
    runners: list[Runner] = []

    def started(runner: Runner, plan: Plan) -> None:
        del plan
        runners.append(runner)

    def cancel_when_text_comes(events: Sequence[RunEvent]) -> None:
        if streamed(events):
            threading.Thread(target=runners[0].control, args=("cancel",)).start()

    flow = psynapse.load(graph("StreamModel", messages="x", model="endless", base_url=model_server.url))
    with pytest.raises(RunCancelled):
        flow.run(targets=["it"], on_start=started, on_event=cancel_when_text_comes)
    assert model_server.gone.wait(10)


def test_openai_without_a_key_says_which_setting_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert error_of("ask_model", messages="x") == (
        "OpenAI wants a key and none is set; add OPENAI_API_KEY to the secrets in the settings and name it in api_key, "
        "or set it as an environment variable"
    )
    named = error_of("ask_model", messages="x", api_key={"$secret": "MY_KEY"})
    assert named == "api_key: the secret 'MY_KEY' is not set"


def test_the_variable_for_openai_goes_to_no_other_server(monkeypatch: pytest.MonkeyPatch, model_server: ModelServer):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    run("ask_model", messages="x", model="echo", base_url=model_server.url)
    assert "Authorization" not in model_server.requests[0][1]


@BOTH
@pytest.mark.parametrize("model", ["echo", "locked", "garbage", "hang-up"])
def test_a_secret_key_is_sent_but_shown_nowhere(
    name: str,
    model: str,
    model_server: ModelServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
):
    events: list[RunEvent] = []
    caplog.set_level(logging.DEBUG)
    flow = graph(name, messages="x", model=model, base_url=model_server.url, api_key={"$secret": "LLM_KEY"}, retries=0)
    psynapse.run(
        flow, nodepacks=shipped_root(), targets=["it"], env={"LLM_KEY": KEY}, on_event=events.extend, check=False
    )
    assert model_server.requests[0][1]["Authorization"] == f"Bearer {KEY}"
    printed = capfd.readouterr()
    assert KEY not in repr(events) + caplog.text + printed.out + printed.err
