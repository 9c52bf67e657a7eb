"""What a server and its workers say to each other.

Two sockets. On the *work* socket the server asks and the worker answers, in order; on the *control* socket the server
interrupts, read by a thread of its own, so that a cancellation never waits behind output. A frame is its length
(4 bytes, big-endian), its kind (1 byte) and JSON, whole unless it is a PIECE. No pickle: a server never runs what a
worker sends.
"""

import struct
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from psynapse.model.ids import Json

VERSION: Final = 2
HEADER: Final = struct.Struct(">IB")
LONGEST: Final = 2**31
LOST_CONNECTION: Final = 74
"""What a worker exits with when it cannot send or receive any more; the system's code for such errors."""

# Server to worker, on the work socket.
RUN: Final = ord("R")
FETCH: Final = ord("F")
LOAD: Final = ord("L")
UNLOAD: Final = ord("U")
PIPELINES: Final = ord("P")
# Server to worker, on the control socket.
CONTROL: Final = ord("C")
# Worker to server, on the work socket.
HELLO: Final = ord("H")
RECORDS: Final = ord("E")
FINISHED: Final = ord("Z")
PIECE: Final = ord("W")
"""After FINISHED: a piece of the JSON text of a target's value, as many as it says there are."""
CONDITION: Final = ord("D")
"""After those: whether the process can have another run, looked at while the server reads how that one ended."""
VALUE: Final = ord("V")
PROBLEM: Final = ord("X")
IMPORTING: Final = ord("I")
"""Before HELLO: the distribution whose code is run next, so that a crash or an endless loop there has a name."""
PIPELINES_STATUS: Final = ord("S")
"""The answer to LOAD, UNLOAD and PIPELINES: all pipelines of the worker that are loaded or have an error."""


class Hello(TypedDict):
    """The worker's first word: it runs, speaks this version and offers this catalog."""

    version: int
    pid: int
    catalog: Json


class RunRequest(TypedDict):
    """Run the plan that follows in the frame, after a newline.

    ``whole``: send the whole values of the targets at the end. ``keep``: keep all values until the next run, for
    fetching. ``reuse``: take results of earlier runs. ``href``: where values are fetched, ``{node}`` to be filled in.
    ``folder``: where the whole values of views go that are shown in part only, so that they outlive the worker; see
    ``value_file``. ``cache_folder``: where costly results are kept for other workers. Empty: nowhere. ``env``: the
    names of the run's environment variables, whose values no file may hold. ``home``: the open workflow whose run it
    is, as nodes keep things for each; empty for none.
    """

    run: str
    whole: bool
    keep: bool
    reuse: bool
    href: str
    folder: str
    cache_folder: str
    env: list[str]
    home: str


class ControlRequest(TypedDict):
    """Interrupt the run of that name. ``task`` counts for breakpoints only."""

    run: str
    verb: Literal["pause", "resume", "step", "cancel", "break", "unbreak"]
    task: int


class Finished(TypedDict):
    """A run has ended. ``pieces``: into how many the whole value of each target was cut, when they were asked for."""

    run: str
    status: Literal["succeeded", "failed", "cancelled"]
    pieces: list[tuple[str, int]]


class AfterRun(TypedDict):
    """How a run has left the process. ``damage``: why no other run may be carried out there; empty when one may."""

    damage: str


class FetchRequest(TypedDict):
    """Send a value of a kept run: all of it, or of a long one ``count`` items from ``start`` on."""

    run: str
    node: str
    handle: str
    start: int
    count: int


class LoadRequest(TypedDict):
    """Have a pipeline loaded with these parameters, again if it is loaded with others."""

    pipeline: str
    params: dict[str, Any]


class UnloadRequest(TypedDict):
    """Let a pipeline go, and its error."""

    pipeline: str


def value_file(folder: str, node: str) -> Path:
    """Where the whole value of a view is in its run's ``folder``, as JSON. No id can lead out of the folder."""
    name = blake2b(node.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Path(folder, f"{name}.json")


class Problem(TypedDict):
    """A request could not be carried out."""

    code: str
    message: str
    hint: str


RUN_REQUEST: Final = TypeAdapter(RunRequest)
CONTROL_REQUEST: Final = TypeAdapter(ControlRequest)
FETCH_REQUEST: Final = TypeAdapter(FetchRequest)
LOAD_REQUEST: Final = TypeAdapter(LoadRequest)
UNLOAD_REQUEST: Final = TypeAdapter(UnloadRequest)
