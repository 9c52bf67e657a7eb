"""Every refusal of the security layer, first around a small application, then in front of a real server."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import httpx
import pytest

from psynapse.server.security import Security, access_rules, token_address
from psynapse.settings import Settings, read_settings

TOKEN = "the-secret"
URL = "http://localhost:8000"
ASGIMessage = MutableMapping[str, Any]


async def inside(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers everything, so that what is refused was refused before it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-inside", b"yes")]})
    await send({"type": "http.response.body", "body": scope["query_string"]})


def settings(**environ: str) -> Settings:
    return read_settings(environ=environ)


def guard(**environ: str) -> Security:
    chosen = settings(**{"PSYNAPSE_TOKEN": TOKEN, **environ})
    return Security(inside, access_rules(chosen, lambda: chosen.token.value or TOKEN))


def ask(
    app: Security,
    method: str = "GET",
    path: str = "/runs",
    headers: Mapping[str, str | bytes] | None = None,
    *,
    token: str = TOKEN,
    content: bytes = b"",
    client: str = "127.0.0.1",
) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url=URL) as asking:
            sent = {**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
            raw = [(name.encode(), value.encode() if isinstance(value, str) else value) for name, value in sent.items()]
            return await asking.request(method, path, headers=raw, content=content)

    return asyncio.run(asked())


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert "x-inside" not in answer.headers
    assert TOKEN not in answer.text
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:1", "127.8.9.1", "[::1]:8000", "x.localhost"]
)
def test_loopback_names_are_ours(host: str):
    assert ask(guard(), headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.nip.example", "192.168.0.9", "localhost@evil", "", "a b",
     "localhost:8000:1", "[::1", "0.0.0.0", "127.0.0.1,localhost", "localhost/x"],
)  # fmt: skip
def test_a_rebound_or_broken_host_is_refused(host: str):
    assert refusal(ask(guard(), headers={"Host": host})) == (421, "foreign-host")


def test_a_host_that_was_allowed_is_ours():
    app = guard(PSYNAPSE_ALLOWED_HOSTS="lab.example, 10.0.0.7")
    assert ask(app, headers={"Host": "lab.example:8000"}).status_code == 200
    assert ask(app, headers={"Host": "10.0.0.7"}).status_code == 200
    assert ask(app, headers={"Host": "other.example"}).status_code == 421


def test_the_address_the_user_listens_on_is_ours_but_everywhere_is_no_name():
    assert ask(guard(PSYNAPSE_HOST="192.168.0.9"), headers={"Host": "192.168.0.9:8000"}).status_code == 200
    assert ask(guard(PSYNAPSE_HOST="0.0.0.0"), headers={"Host": "0.0.0.0:8000"}).status_code == 421


def test_two_hosts_are_refused():
    scope_headers = [(b"host", b"localhost"), (b"host", b"evil.example")]
    assert asyncio.run(status_of(guard(), scope_headers)) == 421


async def status_of(app: Security, headers: list[tuple[bytes, bytes]]) -> int:
    sent: list[ASGIMessage] = []

    async def send(message: ASGIMessage) -> None:
        sent.append(message)

    async def receive() -> ASGIMessage:
        return {"type": "http.request", "body": b""}

    scope = {"type": "http", "method": "GET", "path": "/", "scheme": "http", "query_string": b"", "headers": headers}
    await app(scope, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://localhost:9000", "https://localhost:8000", "http://127.0.0.1:8000",
     "http://localhost", "http://localhost:8000.evil.example", "file://"],
)  # fmt: skip
def test_a_foreign_origin_is_refused_whatever_it_asks(method: str, origin: str):
    headers = {"Origin": origin, "Content-Type": "application/json"}
    answer = ask(guard(), method, headers=headers)
    assert refusal(answer) == (403, "foreign-origin")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_our_own_origin_passes_without_cors_headers():
    answer = ask(guard(), "POST", headers={"Origin": URL, "Content-Type": "application/json"})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(("host", "origin"), [("localhost:80", "http://localhost"), ("[::1]:80", "http://[::1]")])
def test_the_port_that_goes_without_saying_is_left_out_of_origins(host: str, origin: str):
    assert ask(guard(), headers={"Host": host, "Origin": origin}).status_code == 200


def test_a_browser_that_leaves_the_origin_out_is_judged_by_where_it_says_it_comes_from():
    for site, expected in (("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)):
        headers = {"Sec-Fetch-Site": site, "Content-Type": "application/json"}
        assert ask(guard(), "POST", headers=headers).status_code == expected


def test_cors_headers_are_for_the_origins_that_were_named_and_allow_no_credentials():
    app = guard(CORS_ORIGINS="https://app.example,http://localhost:5173")
    preflight = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = ask(app, "OPTIONS", "/execute", preflight, token="")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    actual = ask(app, headers={"Origin": "https://app.example"})
    assert actual.headers["access-control-allow-origin"] == "https://app.example"
    assert actual.headers["vary"] == "Origin"
    assert ask(app, headers={"Origin": "https://other.example"}).status_code == 403
    # A page that is allowed may read why it was refused.
    assert ask(app, headers={"Origin": "https://app.example"}, token="wrong").headers["access-control-allow-origin"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_body_that_a_form_could_send_is_refused(method: str, content_type: str):
    headers = {"Content-Type": content_type} if content_type else {}
    assert refusal(ask(guard(), method, headers=headers, content=b"{}")) == (415, "not-json")


def test_files_pass_with_our_header_which_no_page_can_send_elsewhere_unasked():
    files = {"Content-Type": "multipart/form-data; boundary=x"}
    assert ask(guard(), "POST", headers={**files, "X-Psynapse": "1"}, content=b"--x--").status_code == 200
    for header in ({}, {"X-Psynapse": "0"}, {"X-Psynapse": ""}, {"X-Other": "1"}):
        assert refusal(ask(guard(), "POST", headers={**files, **header}, content=b"--x--")) == (415, "not-json")
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Psynapse": "1"}
    assert refusal(ask(guard(), "POST", headers=form, content=b"a=1")) == (415, "not-json")
    foreign = {**files, "X-Psynapse": "1", "Origin": "http://evil.example"}
    assert refusal(ask(guard(), "POST", headers=foreign, content=b"--x--")) == (403, "foreign-origin")


def test_json_passes_with_a_charset_and_so_does_no_body_at_all():
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert ask(guard(), "POST", headers=headers, content=b"{}").status_code == 200
    assert ask(guard(), "DELETE").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", TOKEN[:-1], "ünïcode"])
def test_without_the_right_token_nothing_is_told(token: str):
    answer = ask(guard(), headers={"Authorization": f"Bearer {token}".encode("latin-1")} if token else {}, token="")
    assert refusal(answer) == (401, "token-needed")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_health_and_the_json_root_need_no_token_but_the_page_does(prefix: str):
    assert ask(guard(), path=f"{prefix}/health", token="").status_code == 200
    assert ask(guard(), path=prefix or "/", token="").status_code == 200
    assert ask(guard(), path=f"{prefix}/", token="", headers={"Accept": "text/html"}).status_code == 401
    assert ask(guard(), path=f"{prefix}/healthy", token="").status_code == 401
    assert ask(guard(), "POST", f"{prefix}/health", token="").status_code == 401


def test_the_first_visit_leaves_a_cookie_and_takes_the_token_out_of_the_address():
    address = token_address(URL, TOKEN)
    answer = ask(guard(), path=address, token="", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"psynapse_token_8000={TOKEN};")
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert ask(guard(), path="/runs", token="", headers={"Cookie": cookie.split(";")[0]}).status_code == 200
    assert ask(guard(), path="/?token=wrong", token="", headers={"Accept": "text/html"}).status_code == 401


def test_a_cookie_of_another_server_on_the_same_host_does_not_count():
    assert ask(guard(), token="", headers={"Cookie": f"psynapse_token_9000={TOKEN}"}).status_code == 401
    both = f"psynapse_token_9000=x; psynapse_token_8000={TOKEN}; other=1"
    assert ask(guard(), token="", headers={"Cookie": both}).status_code == 200


def test_the_token_of_a_first_visit_is_gone_before_a_server_logs_the_address():
    scope = {
        "type": "http", "method": "GET", "path": "/", "scheme": "http", "query_string": f"token={TOKEN}".encode(),
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip

    async def visit() -> None:
        async def send(message: ASGIMessage) -> None:
            del message

        async def receive() -> ASGIMessage:
            return {"type": "http.disconnect"}

        await guard()(scope, receive, send)

    asyncio.run(visit())
    assert scope["query_string"] == b""


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({"host": "localhost:8000"}, True),
        ({"host": "localhost:8000", "origin": "http://localhost:8000"}, True),
        ({"host": "localhost:8000", "origin": "http://evil.example"}, False),
        ({"host": "localhost:8000", "origin": "null"}, False),
        ({"host": "evil.example"}, False),
        ({"host": "localhost:8000", "authorization": "Bearer wrong"}, False),
    ],
)
@pytest.mark.parametrize("path", ["/rooms/1", "/health", "/"])
def test_an_evil_websocket_is_closed_before_it_opens(headers: dict[str, str], accepted: bool, path: str):
    sent: list[ASGIMessage] = []
    headers = {"authorization": f"Bearer {TOKEN}", **headers}

    async def connect() -> None:
        async def send(message: ASGIMessage) -> None:
            sent.append(message)

        async def receive() -> ASGIMessage:
            return {"type": "websocket.connect"}

        scope = {
            "type": "websocket", "path": path, "scheme": "ws", "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        await guard()(scope, receive, send)

    asyncio.run(connect())
    assert [message["type"] for message in sent] == ["websocket.accept" if accepted else "websocket.close"]


def test_a_made_token_is_printed_once_as_an_address(capsys: pytest.CaptureFixture[str]):
    app = guard(PSYNAPSE_TOKEN="")
    for _ in range(3):
        assert ask(app, token="", client="192.168.0.5").status_code == 401
    assert capsys.readouterr().err.split() == ["open", f"{URL}/?token={TOKEN}"]


def test_a_token_that_was_set_is_printed_nowhere(capsys: pytest.CaptureFixture[str]):
    assert ask(guard(), token="").status_code == 401
    assert capsys.readouterr().err == ""


# In front of a real server


def test_the_same_user_of_the_same_machine_needs_no_token(client: httpx.Client):
    answer = client.get("/runs")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Anything", "X-Real-IP", "Via"]
)
def test_what_a_proxy_passed_on_needs_the_token(client: httpx.Client, header: str):
    assert refusal(client.get("/runs", headers={header: "127.0.0.1"})) == (401, "token-needed")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become somebody else")
def test_another_user_of_the_same_machine_needs_the_token(server: Any):
    code = (
        "import encodings.idna, encodings.latin_1, os, socket, sys; os.setuid(65534);"
        "s = socket.create_connection(('127.0.0.1', int(sys.argv[1])));"
        "s.sendall(b'GET /runs HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n');"
        "print(s.recv(100).decode('latin-1').splitlines()[0])"
    )
    command = [sys.executable, "-S", "-c", code, str(server.port)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert " 401 " in done.stdout


def test_a_foreign_page_reaches_nothing_on_a_real_server(client: httpx.Client, flows: Any):
    evil = {"Origin": "http://evil.example"}
    for route in ("/execute", "/execute/stream", "/runs", "/validate"):
        assert refusal(client.post(route, json=flows.worked_example(), headers=evil)) == (403, "foreign-origin")
    for route in ("/", "/health", "/get_schema", "/runs", "/openapi.json", "/api/get_schema"):
        assert refusal(client.get(route, headers=evil)) == (403, "foreign-origin")
    body = json.dumps(flows.worked_example())
    plain = client.post("/execute", content=body, headers={"Content-Type": "text/plain"})
    assert refusal(plain) == (415, "not-json")
    assert refusal(client.get("/get_schema", headers={"Host": "rebound.example"})) == (421, "foreign-host")


def test_a_websocket_of_a_foreign_page_is_refused_by_a_real_server(server: Any):
    head = (
        f"GET /rooms/1 HTTP/1.1\r\nHost: localhost:{server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).split()[1] == b"403"


def test_on_another_address_a_token_is_made_and_printed_and_opens_the_server(start_server: Any):
    with start_server("--host", "0.0.0.0") as started:
        found = re.search(r"open (http://127\.0\.0\.1:\d+)/\?token=(\S+)", started.said + next_words(started))
        assert found
        with httpx.Client(base_url=found[1], trust_env=False) as visitor:
            assert visitor.get("/health").status_code == 200
            assert refusal(visitor.get("/runs")) == (401, "token-needed")
            assert visitor.get("/runs", headers={"Authorization": f"Bearer {found[2]}"}).status_code == 200
            assert visitor.get(f"/?token={found[2]}", headers={"Accept": "text/html"}).status_code == 303
            assert visitor.get("/runs").status_code == 200


def next_words(started: Any) -> str:
    """The token is printed on the line after the one that says that the server is there."""
    for _ in range(200):
        if "token=" in started.said:
            return str(started.said)
        started.process.poll()
        httpx.get(started.url + "/health", trust_env=False)
    return ""


def test_a_token_that_was_set_is_needed_on_loopback_too_and_never_printed(start_server: Any):
    with start_server(env={"PSYNAPSE_TOKEN": TOKEN}) as started, started.client() as visitor:
        assert refusal(visitor.get("/runs")) == (401, "token-needed")
        assert visitor.get("/runs", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert visitor.get(f"/?token={TOKEN}").status_code == 303
        assert TOKEN not in started.said


def test_workers_do_not_know_the_token(start_server: Any, flows: Any):
    authorized = {"Authorization": f"Bearer {TOKEN}"}
    with start_server(env={"PSYNAPSE_TOKEN": TOKEN}) as started, started.client(**authorized) as visitor:
        graph = flows.one(flows.function("r", "read_variable", name="PSYNAPSE_TOKEN"))
        assert visitor.post("/execute", json=graph).json() == {"results": {"View": None}}
