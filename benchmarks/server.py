"""The server as its clients see it: a real process, asked over the loopback interface."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from statistics import median, quantiles
from typing import Any

import httpx

from benchmarks import graphs
from benchmarks.engine import Failed, Psynapse
from benchmarks.graphs import Step
from benchmarks.rows import DASK, HAMILTON, PLAIN, PSYNAPSE, Goal, Row, Scale, Unit
from benchmarks.serving import Answer, Connection, Served, as_earlier_editors_post, body_of, connected, served

FUNCTIONS, TOKENS, BURNING, SLEEPING = 500, 4_000, 2, 40
HTTPX, RAW = "httpx", "asyncio streams"


def server(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """Everything that is said about the server in the goals, each part with a server of its own."""
    del psynapse
    yield from _start(scale)
    with served() as one:
        yield from _chains(one, scale)
        yield from asyncio.run(_streams(one, scale))
        yield from asyncio.run(_large(one, scale))
        yield _edited(one)
        yield asyncio.run(_endless(one))
        yield asyncio.run(_crowded(one, scale))
    yield from _schemas(scale)


def _row(what: str, unit: Unit, figure: float, most: float) -> Row:
    figures = {PLAIN: None, PSYNAPSE: figure, HAMILTON: None, DASK: None}
    return Row(what, unit, figures, None, Goal(f"≤ {most:g} {unit}", most, of="figure"))


def _start(scale: Scale) -> Iterator[Row]:
    healthy: list[float] = []
    finished: list[float] = []
    body = body_of(graphs.chain(3, y=1))
    for _ in range(scale.few_rounds):
        with served() as one, one.client() as client:
            client.get("/health").raise_for_status()
            healthy.append(time.perf_counter() - one.started)
            _expect(client.post("/execute", content=body), 3)
            finished.append(time.perf_counter() - one.started)
    yield _row("start → healthy", "s", median(healthy), 0.5)
    yield _row("start → first run finished", "s", median(finished), 1.0)


def _chains(one: Served, scale: Scale) -> Iterator[Row]:
    length = scale.nodes[0]
    for client, timed in ((HTTPX, _with_httpx), (RAW, _with_streams)):
        what = f"POST /execute, chain of {length:,} ({client})"
        yield _row(f"{what}: again", "ms", timed(one, length, scale.rounds, 0), 8)
        yield _row(f"{what}: never seen", "ms", timed(one, length, scale.rounds, 1), 12)


def _bodies(length: int, rounds: int, step: int) -> Iterator[tuple[bytes, int]]:
    """Chains with their values; with ``step`` every one is another, in every node of it."""
    for number in range(rounds):
        more = 1 + step * (number + 1)
        yield body_of(graphs.chain(length, y=more)), length * more


def _with_httpx(one: Served, length: int, rounds: int, step: int) -> float:
    taken: list[float] = []
    with one.client() as client:
        for body, value in _bodies(length, rounds + 1, step):
            began = time.perf_counter()
            answer = client.post("/execute", content=body)
            taken.append(time.perf_counter() - began)
            _expect(answer, value)
    return median(taken[1:]) * 1e3


def _with_streams(one: Served, length: int, rounds: int, step: int) -> float:
    async def timed() -> float:
        taken: list[float] = []
        async with connected(one.port) as connection:
            for body, value in _bodies(length, rounds + 1, step * 1_000):
                answer = await connection.ask("POST", "/execute", body)
                taken.append(answer.seconds)
                _require(json.loads(answer.content) == {"results": {"View": value}}, answer.content)
        return median(taken[1:]) * 1e3

    return asyncio.run(timed())


async def _streams(one: Served, scale: Scale) -> list[Row]:
    rows: list[Row] = []
    async with connected(one.port) as connection:
        for length, first_most in ((10, 4), (scale.nodes[0], 10)):
            body = body_of(graphs.chain(length, y=1))
            answers = [await _streamed(connection, body) for _ in range(scale.rounds + 1)][1:]
            _require(_last(answers[0])["results"] == {"View": length}, answers[0].content)
            what = f"POST /execute/stream, chain of {length:,}"
            rows.append(_row(f"{what}: first event", "ms", _typical(answers, lambda one: one.first), first_most))
        events = answers[0].content.count(b"\ndata: ")
        rows.append(_row(f"{what}: all {events:,} events", "ms", _typical(answers, lambda one: one.seconds), 20))
        count = TOKENS if scale.nodes[0] >= TOKENS / 4 else scale.nodes[0]
        told = await _streamed(connection, body_of([Step("bench/stream_ops.py:Tokens", {"count": count})]))
        text = "".join(event.get("streaming_chunk", "") for event in _events(told))
        _require(text == "".join(f"tok{number % 10} " for number in range(count)), text[-100:])
        rows.append(_row(f"{count:,} streamed tokens", "MB", len(told.content) / 1e6, 3))
    return rows


async def _large(one: Served, scale: Scale) -> list[Row]:
    rows: list[Row] = []
    async with connected(one.port) as connection:
        size = max(1, scale.megabytes // 2)
        body = body_of([Step("text", {"megabytes": size})])
        answers = [await _streamed(connection, body) for _ in range(scale.few_rounds)]
        preview: Any = _last(answers[0])["results"]["View"]
        _require(preview["size"] == size * 1_000_000, preview)
        seconds = _typical(answers, lambda one: one.seconds) / 1e3
        rows.append(_row(f"value of {size} MB through a view, streamed", "s", seconds, 0.4))
        old = as_earlier_editors_post(body_of(graphs.chain(scale.nodes[0], y=1)))
        posting = asyncio.ensure_future(_post(connection, old, scale))
        health = await _health_during(one, posting)
        what = f"body of an earlier editor, {len(old) / 1e6:,.0f} MB"
        rows.append(_row(f"POST /execute, {what}", "s", median(await posting), 0.6))
        rows.append(_row(f"/health meanwhile, p99 of {len(health):,}", "ms", _p99(health), 10))
    return rows


async def _post(connection: Connection, body: bytes, scale: Scale) -> list[float]:
    taken: list[float] = []
    for _ in range(scale.few_rounds + 2):
        answer = await connection.ask("POST", "/execute", body)
        taken.append(answer.seconds)
        _require(json.loads(answer.content) == {"results": {"View": scale.nodes[0]}}, answer.content)
    return taken


def _edited(one: Served) -> Row:
    """From writing the file to the answer that has what was written."""
    with one.client() as client:
        taken: list[float] = []
        for number in range(2):
            pack = one.nodepacks / f"later{number}"
            pack.mkdir()
            began = time.perf_counter()
            (pack / "ops.py").write_text(f"def brand_new_{number}() -> int:\n    return 1\n")
            while f"brand_new_{number}" not in client.get("/get_schema").text:
                _require(time.perf_counter() - began < 30, "the change was not noticed")
                time.sleep(0.005)
            taken.append(time.perf_counter() - began)
    return _row("nodepack file edited → new schema", "s", median(taken), 1)


async def _endless(one: Served) -> Row:
    """From pressing Stop until no processor time is used any more."""
    async with connected(one.port) as connection:
        body = json.dumps({"workflow": json.loads(body_of([Step("spin", {})]))}).encode()
        run: Any = json.loads((await connection.ask("POST", "/runs", body)).content)
        await _until(lambda: _busy(one), "the run does not run")
        began = time.perf_counter()
        await connection.ask("POST", f"/runs/{run['id']}/cancel")
        await _until(lambda: _idle(one), "the run does not stop")
        # The last of it was to see that nothing is used.
        taken = time.perf_counter() - began - _LOOK_SECONDS
        run = json.loads((await connection.ask("GET", f"/runs/{run['id']}")).content)
        _require(run["status"] == "cancelled", run)
        return _row("endless loop: Stop → idle", "s", taken, 2)


async def _crowded(one: Served, scale: Scale) -> Row:
    """Health while runs keep both cores busy and many more sleep or wait for their turn."""
    seconds = 12 * scale.slowness
    sleeping = SLEEPING if scale.slowness >= 1 else 2
    async with connected(one.port) as connection:
        ids: list[str] = []
        for function, count in (("spin", BURNING), ("wait", sleeping)):
            body = json.dumps({"workflow": json.loads(body_of([Step(function, {"seconds": seconds})]))}).encode()
            started = [await connection.ask("POST", "/runs", body) for _ in range(count)]
            ids += [json.loads(answer.content)["id"] for answer in started]
    taken = await _health_during(one, asyncio.sleep(seconds / 2))
    # The server has closed what was idle for so long.
    async with connected(one.port) as connection:
        for run in ids:
            await connection.ask("POST", f"/runs/{run}/cancel")
    what = f"/health with {BURNING} burning and {sleeping} sleeping runs, p99 of {len(taken):,}"
    return _row(what, "ms", _p99(taken), 10)


def _schemas(scale: Scale) -> Iterator[Row]:
    count = min(FUNCTIONS, scale.nodes[0])
    source = "\n".join(f"def made_{number}(x: int, y: str = 'a') -> int:\n    return x\n" for number in range(count))
    with served(many=source) as one:

        async def asked() -> list[Answer]:
            async with connected(one.port) as connection:
                return [await connection.ask("GET", "/get_schema") for _ in range(scale.rounds + 1)]

        answers = asyncio.run(asked())
        _require(answers[0].content.count(b'"many/ops.py:made_') == count, "a function is missing")
        yield _row(f"GET /get_schema, {count} functions", "ms", _typical(answers[1:], lambda one: one.seconds), 5)


_LOOK_SECONDS = 0.1


async def _busy(one: Served) -> bool:
    return await _used(one) > _LOOK_SECONDS / 2


async def _idle(one: Served) -> bool:
    return await _used(one) < _LOOK_SECONDS / 10


async def _used(one: Served) -> float:
    before = one.busy_seconds()
    await asyncio.sleep(_LOOK_SECONDS)
    return one.busy_seconds() - before


async def _until(condition: Callable[[], Awaitable[bool]], problem: str) -> None:
    ends = time.perf_counter() + 30
    while not await condition():
        _require(time.perf_counter() < ends, problem)


async def _health_during(one: Served, work: Awaitable[object]) -> list[float]:
    """How long each question took that was asked while ``work`` went on, in ms."""
    taken: list[float] = []
    working = asyncio.ensure_future(work)
    async with connected(one.port) as connection:
        while not working.done():
            taken.append((await connection.ask("GET", "/health")).seconds * 1e3)
            await asyncio.sleep(0.002)
    await working
    return taken


async def _streamed(connection: Connection, body: bytes) -> Answer:
    answer = await connection.ask("POST", "/execute/stream", body)
    _require(_last(answer)["status"] == "done", answer.content[-300:])
    return answer


def _events(answer: Answer) -> list[Any]:
    lines = answer.content.split(b"\n")
    return [json.loads(line.removeprefix(b"data: ")) for line in lines if line.startswith(b"data: ")]


def _last(answer: Answer) -> Any:
    return json.loads(answer.content.rpartition(b"data: ")[2])


def _typical(answers: Sequence[Answer], what: Callable[[Answer], float]) -> float:
    return median(what(answer) for answer in answers) * 1e3


def _p99(taken: Sequence[float]) -> float:
    return quantiles(taken, n=100)[-1] if len(taken) > 1 else taken[0]


def _expect(answer: httpx.Response, value: int) -> None:
    _require(answer.json() == {"results": {"View": value}}, answer.text)


def _require(condition: object, shown: object) -> None:
    if not condition:
        raise Failed(f"not what was expected: {shown!r:.300}")
