"""What the deployment files start, started: the image's command, its health check, and nginx where it is installed."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from psynapse.server.bodies import LARGEST

ROOT = Path(__file__).resolve().parent.parent
DOCKER = ROOT / "docker"
TOKEN = "a-token-of-the-test"
STARTS_WITHIN = 60
Answer = tuple[int, str]


def text_of(name: str) -> str:
    return (DOCKER / name).read_text(encoding="utf-8")


def commands_of_image() -> tuple[list[str], list[str]]:
    """The health check and what the image starts, in this order as the Dockerfile has them."""
    check, start = re.findall(r"^ *CMD (\[.*\])$", text_of("Dockerfile"), re.MULTILINE)
    return cast("list[str]", json.loads(check)), cast("list[str]", json.loads(start))


@dataclass(frozen=True)
class Running:
    """A server that was started as the image starts it, but on a port of the test's."""

    port: int

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=named)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


@contextmanager
def process(command: list[str], environ: Mapping[str, str]) -> Generator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        try:
            yield running
        finally:
            running.terminate()
            running.wait(30)


def until_it_answers(running: Running) -> Running:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            if running.get("/health")[0] == 200:
                return running
        except OSError:
            pass
        assert time.monotonic() < end, "the server did not start"
        time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def server_environment(folder: Path) -> dict[str, str]:
    """The image's environment with its folders below ``folder``, and what an operator adds."""
    nodepacks = folder / "nodepacks"
    nodepacks.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PSYNAPSE_")}
    return {
        **clean,
        "PSYNAPSE_DATA_DIR": str(folder / "data"),
        "DAYDREAM_SCOPE_DIR": str(folder / "scope"),
        "NODEPACKS_DIR": str(nodepacks),
        "PSYNAPSE_TOKEN": TOKEN,
        "PSYNAPSE_ALLOWED_HOSTS": "your-domain.com",
    }


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server started by the image's command."""
    name, *arguments = commands_of_image()[1]
    port = free_port()
    arguments[arguments.index("--port") + 1] = str(port)
    program = str(Path(sysconfig.get_path("scripts"), name))
    with process([program, *arguments], server_environment(tmp_path_factory.mktemp("server"))):
        yield until_it_answers(Running(port))


def test_the_health_check_succeeds_while_the_server_runs_and_fails_otherwise(server: Running):
    python, *arguments = commands_of_image()[0]
    assert python == "python"

    def code(port: int) -> int:
        given = [argument.replace(":8000", f":{port}") for argument in arguments]
        return subprocess.run([sys.executable, *given], capture_output=True, check=False).returncode

    assert code(server.port) == 0
    assert code(free_port()) != 0


def test_the_server_of_the_image_asks_everybody_for_the_token(server: Running):
    assert server.get("/get_schema")[0] == 401
    assert server.get("/get_schema", Authorization=f"Bearer {TOKEN}")[0] == 200
    assert server.get("/get_schema", Authorization=f"Bearer {TOKEN}", Host="your-domain.com")[0] == 200
    assert server.get("/get_schema", Authorization=f"Bearer {TOKEN}", Host="elsewhere.test")[0] == 421


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def directives(*, inside: str = "") -> list[str]:
    """The directives of nginx.conf, or those of the block that begins so."""
    text = "\n".join(line for line in text_of("nginx.conf").splitlines() if not line.strip().startswith("#"))
    body = text.partition(inside)[2].partition("}")[0] if inside else text
    return [" ".join(line.split()) for line in re.split(r"[;{}]\s", body) if line.strip()]


def test_nginx_passes_events_on_at_once_and_says_that_it_is_a_proxy():
    wanted = {
        "proxy_buffering off",
        "proxy_cache off",
        "proxy_http_version 1.1",
        "proxy_set_header Host $http_host",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for",
        "proxy_set_header X-Forwarded-Proto $scheme",
    }
    assert wanted <= set(directives())
    # A location that set a header of its own would lose all of these.
    assert directives(inside="location /api/ {") == ["proxy_pass http://psynapse$psynapse_uri"]
    assert directives(inside="location / {") == ["proxy_pass http://psynapse"]


def test_nginx_takes_requests_as_large_as_the_server_does():
    assert f"client_max_body_size {LARGEST >> 20}m" in directives()


@pytest.fixture
def proxied(server: Running, tmp_path: Path) -> Iterator[Running]:
    """The server behind nginx with the shipped file."""
    assert NGINX
    port = free_port()
    site = text_of("nginx.conf").replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    (tmp_path / "site.conf").write_text(site.replace("listen 80;", f"listen 127.0.0.1:{port};"), "utf-8")
    folders = "".join(
        f"{name}_temp_path {tmp_path / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    site_only = f"http {{ access_log off; {folders} include {tmp_path / 'site.conf'}; }}"
    main = f"daemon off; error_log stderr; pid {tmp_path / 'pid'}; events {{}} {site_only}"
    (tmp_path / "nginx.conf").write_text(main, "utf-8")
    command = [NGINX, "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)]
    with process(command, dict(os.environ)):
        yield until_it_answers(Running(port))


needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@needs_nginx
def test_behind_nginx_the_server_answers_with_and_without_the_prefix_and_never_without_the_token(proxied: Running):
    known = {"Authorization": f"Bearer {TOKEN}", "Host": "your-domain.com"}
    for path in ("/get_schema", "/api/get_schema"):
        assert proxied.get(path, **known)[0] == 200
        assert proxied.get(path)[0] == 401


@needs_nginx
def test_behind_nginx_addresses_arrive_as_they_were_sent(proxied: Running):
    node = {"id": "a//b", "type": "variableNode", "data": {"variableType": "Number", "variableValue": 7}}
    view = {"id": "v", "type": "viewNode", "data": {}}
    edge = {"source": "a//b", "sourceHandle": "output", "target": "v", "targetHandle": "input"}
    flow = {"version": 1, "nodes": [node, view], "edges": [edge]}
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{proxied.port}/api/execute/stream"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(flow).encode(), headers), timeout=60) as answer:
        answer.read()
    known = {"Authorization": f"Bearer {TOKEN}"}
    run = json.loads(proxied.get("/api/runs?limit=1", **known)[1])["runs"][0]
    assert proxied.get(f"/api/runs/{run['id']}/values/a//b/output", **known) == (200, "7")


@needs_nginx
def test_behind_nginx_the_first_visit_leaves_a_cookie_and_leads_to_the_root(proxied: Running):
    with closing(http.client.HTTPConnection("127.0.0.1", proxied.port, timeout=10)) as browser:
        browser.request("GET", f"/?token={TOKEN}", headers={"Accept": "text/html", "Host": "your-domain.com"})
        answer = browser.getresponse()
        assert (answer.status, answer.getheader("Location")) == (303, "/")
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    assert proxied.get("/get_schema", Cookie=cookie, Host="your-domain.com")[0] == 200


@needs_nginx
def test_behind_nginx_events_arrive_while_the_run_goes_on(proxied: Running):
    flow = (ROOT / "examples" / "parallel-waits.json").read_bytes()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{proxied.port}/api/execute/stream"
    with urllib.request.urlopen(urllib.request.Request(url, flow, headers), timeout=60) as answer:
        arrived = [time.monotonic() for line in answer if line.startswith(b"data:")]
    # Four nodes wait for a second: what was buffered would come all at once, at the end.
    assert arrived[-1] - arrived[0] > 0.5
