"""A server that speaks OpenAI's protocol, for tests and templates: real HTTP, real streams, made-up answers.

The name of the model says how it behaves: ``echo`` repeats the last message, ``slow`` takes its time, ``cut`` hangs up
in the middle, ``garbage`` sends what is no JSON, ``busy`` is there at the third try. ``requests`` keeps what came.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789abcdef"
WORDS = ["One ", "sea, ", "two ", "ships."]
SKY = (
    "Sunlight is made of all colours, and air scatters its short blue waves far more than its long red ones. "
    "So blue light reaches your eyes from everywhere in the sky."
)
LETTER = {"name": "Ingrid Solberg", "city": "Bergen", "pieces": 12, "price": 40.0}
PAUSE = 0.03


class ModelServer:
    """Started when it is made. ``url`` is what goes into ``base_url``."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.gone = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def bodies(self) -> list[Any]:
        return [body for _, _, body in self.requests]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        owner = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    owner: ModelServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class calls it so
        """Keeps the tests' output clean."""

    def do_GET(self) -> None:
        self.owner.requests.append((self.path, dict(self.headers), None))
        self.send_json({"data": [{"id": "slow"}, {"id": "echo"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.owner.requests.append((self.path, dict(self.headers), body))
        behave: Callable[[Any], None] = getattr(self, f"be_{body['model'].replace('-', '_')}", self.be_unknown)
        try:
            behave(body)
        except OSError:
            self.owner.gone.set()
            self.close_connection = True

    # What models do

    def be_echo(self, body: Any) -> None:
        last = body["messages"][-1]["content"]
        text = last if isinstance(last, str) else json.dumps(last)
        if body.get("stream"):
            self.send_stream(text[start : start + 5] for start in range(0, len(text), 5))
        else:
            self.send_answer({"content": text})

    def be_slow(self, body: Any) -> None:
        if body.get("stream"):
            self.send_stream(_slowly(WORDS))
        else:
            time.sleep(PAUSE)
            self.send_answer({"content": "".join(WORDS)})

    def be_endless(self, body: Any) -> None:
        self.send_stream(_slowly(["word "] * 10_000))

    def be_silent(self, body: Any) -> None:
        time.sleep(1)
        self.send_answer({"content": "too late"})

    def be_trickle(self, body: Any) -> None:
        self.begin(200, {"Content-Length": "1000"})
        for _ in range(100):
            self.wfile.write(b" ")
            time.sleep(PAUSE)

    def be_cut(self, body: Any) -> None:
        self.begin_stream()
        self.send_piece({"choices": [{"delta": {"content": "half"}}]})
        self.close_connection = True

    def be_hang_up(self, body: Any) -> None:
        self.close_connection = True

    def be_torn(self, body: Any) -> None:
        """Chunked, and the connection ends inside a chunk."""
        self.begin(200, {"Transfer-Encoding": "chunked"})
        piece = b'data: {"choices": [{"delta": {"content": "half"}}]}\n\n'
        self.wfile.write(b"%x\r\n%s\r\nff\r\nda" % (len(piece), piece))
        self.close_connection = True

    def be_garbage(self, body: Any) -> None:
        if not body.get("stream"):
            self.begin(200, {"Content-Length": "6"})
            self.wfile.write(b"<html>")
            return
        self.begin_stream()
        self.wfile.write(b": a comment\n\nevent: x\n\ndata: {broken " + KEY.encode() + b"\n\n")
        self.close_connection = True

    def be_odd(self, body: Any) -> None:
        if body.get("stream"):
            self.send_raw_stream([{"choices": [3]}])
        else:
            self.send_json({"answer": 42})

    def be_failing_stream(self, body: Any) -> None:
        self.send_raw_stream([{"choices": [{"delta": {"content": "so far"}}]}, {"error": {"message": "overloaded"}}])

    def be_busy(self, body: Any) -> None:
        if len(self.owner.requests) < 3:
            self.send_json({"error": {"message": "slow down"}}, 429, {"Retry-After": "0.01"})
        else:
            self.be_slow(body)

    def be_closed(self, body: Any) -> None:
        self.send_json({"error": {"message": "come back tomorrow"}}, 429, {"Retry-After": "86400"})

    def be_down(self, body: Any) -> None:
        self.send_json({"detail": "out of order"}, 503)

    def be_locked(self, body: Any) -> None:
        said = f"Incorrect API key provided: {self.headers.get('Authorization')}"
        self.send_json({"error": {"message": said}}, 401)

    def be_tools(self, body: Any) -> None:
        call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Rome"}'}}
        if not body.get("stream"):
            self.send_answer({"content": None, "tool_calls": [call]}, "tool_calls")
            return
        parts = [
            {"id": "c1", "function": {"name": "weather", "arguments": ""}},
            {"function": {"arguments": '{"city": '}},
        ]
        parts.append({"function": {"arguments": '"Rome"}'}})
        pieces: list[Any] = [{"choices": [{"delta": {"tool_calls": [{"index": 0, **part}]}}]} for part in parts]
        self.send_raw_stream([*pieces, {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}])

    def be_object(self, body: Any) -> None:
        self.send_answer({"content": '```json\n{"name": "Ada", "age": 36}\n```'})

    def be_gpt_4o_mini(self, body: Any) -> None:
        """What the templates ask for, as a real model might answer it."""
        if not body.get("stream"):
            self.send_answer({"content": json.dumps(LETTER)})
            return
        usage = {"prompt_tokens": 31, "completion_tokens": 44, "total_tokens": 75}
        words: list[Any] = [{"choices": [{"index": 0, "delta": {"content": f"{word} "}}]} for word in SKY.split()]
        self.send_raw_stream([*words, {"choices": [{"delta": {}, "finish_reason": "stop"}]}, {"usage": usage}])

    def be_embedder(self, body: Any) -> None:
        """Counts letters: texts with the same letters mean the same."""
        rows = [
            {"index": index, "embedding": [text.count(letter) for letter in "aeiou"]}
            for index, text in enumerate(body["input"])
        ]
        self.send_json({"data": rows[::-1]})

    def be_unknown(self, body: Any) -> None:
        self.send_json({"error": {"message": f"the model {body['model']} does not exist"}}, 404)

    # How answers are written

    def begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_json(self, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        content = json.dumps(value).encode()
        self.begin(status, {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})})
        self.wfile.write(content)

    def send_answer(self, message: dict[str, Any], reason: str = "stop") -> None:
        choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
        self.send_json({"choices": [choice], "usage": {"total_tokens": 7}})

    def begin_stream(self) -> None:
        self.begin(200, {"Content-Type": "text/event-stream", "Connection": "close"})

    def send_piece(self, piece: Any) -> None:
        self.wfile.write(b"data: " + json.dumps(piece).encode() + b"\n\n")
        self.wfile.flush()

    def send_raw_stream(self, pieces: list[Any]) -> None:
        self.begin_stream()
        for piece in pieces:
            self.send_piece(piece)
        self.close_connection = True

    def send_stream(self, words: Iterator[str]) -> None:
        self.begin_stream()
        for word in words:
            self.send_piece({"choices": [{"index": 0, "delta": {"content": word}}]})
        self.send_piece({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.send_piece({"choices": [], "usage": {"total_tokens": 7}})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True


def _slowly(words: list[str]) -> Iterator[str]:
    for word in words:
        time.sleep(PAUSE)
        yield word
