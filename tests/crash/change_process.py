"""Processes that change node packages, each forked from one that has imported all it takes; the parent kills them.

Run as ``python change_process.py NODES_FOLDER``. A line of JSON on standard input is an ``Order``; the number of the
process that carries it out comes back. It stays a zombie until the next line, which may be empty; then its exit status
comes back. What came of it is in the file ``result`` that the order names, unless it was killed.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Final, NotRequired, TypedDict, cast

from psynapse.environments.base import Base, read_base
from psynapse.environments.edits import Edit, Install, Remove, Rollback
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.steps import Step
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv
from psynapse.errors import PsynapseError

MARK: Final = "CRASH_TEST_MARK"
"""The environment variable by which everything that was started here is found."""
# What Python does to files, told before it is done.
_FILE_EVENTS: Final = frozenset(
    {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "os.chmod", "os.truncate", "shutil.copyfile"}
)


class Order(TypedDict):
    """An edit, or none to recover. The process kills itself where the others say, as often as they have come.

    ``at``: the beginning of that step, or "end"; ``message``: what is told of it, the so-manieth of all; ``operation``:
    the so-manieth thing done to a file of ours since ``at`` began.
    """

    edit: list[str]
    result: str
    mark: str
    at: NotRequired[str]
    message: NotRequired[int]
    operation: NotRequired[int]


def read_edit(words: list[str]) -> Edit:
    """The edit that an order names."""
    match words:
        case ["install", spec]:
            return Install(parse_requirement(spec))
        case ["update", spec]:
            return Install(parse_requirement(spec), upgrade=True)
        case ["uninstall", name]:
            return Remove(name)
        case _:
            return Rollback()


def die() -> None:
    """As by a power failure: nothing is put in order."""
    os.kill(os.getpid(), signal.SIGKILL)


class Killer:
    """Ends this process where an order says."""

    def __init__(self, order: Order, folder: Path) -> None:
        self._at = order.get("at", "")
        self._messages = order.get("message", 0)
        self._operations = order.get("operation", 0)
        self._folder = str(folder)
        self._begun = False

    def hear(self, step: Step) -> None:
        """A step begins, or there is more to say of it."""
        self._messages -= 1
        if self._messages == 0:
            die()
        self._begun = self._begun or step.name == self._at
        if self._begun and not self._operations:
            die()

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """Python is about to do something."""
        if self._begun and event in _FILE_EVENTS and str(arguments[0]).startswith(self._folder):
            self._operations -= 1
            if self._operations == 0:
                die()


async def change(order: Order, folder: Path, base: Base) -> None:
    """Carry out an order's edit."""
    killer = Killer(order, folder)
    if order.get("operation"):
        sys.addaudithook(killer.audit)
    changer = Changer(GenerationStore(folder), base, Uv(folder / "cache"), WorkerProbe())
    await changer.change(read_edit(order["edit"]), killer.hear)
    if order.get("at") == "end":
        die()


def carry_out(order: Order, folder: Path, base: Base) -> None:
    """Carry out an order and write down what came of it."""
    os.environ[MARK] = order["mark"]
    result: dict[str, object] = {"done": True}
    try:
        if order["edit"]:
            asyncio.run(change(order, folder, base))
        else:
            recovery = GenerationStore(folder).recover()
            result = {"said": recovery.said, "problem": recovery.problem, "busy": recovery.busy}
    except PsynapseError as error:
        result = {"failed": error.code, "message": str(error)}
    # In one move: it may be killed while it writes.
    unfinished = Path(order["result"]).with_suffix(".part")
    unfinished.write_text(json.dumps(result), encoding="utf-8")
    unfinished.replace(order["result"])


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Fork a process for each order."""
    base = read_base()
    logging.disable()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                carry_out(cast("Order", json.loads(line)), folder, base)
            finally:
                sys.stderr.flush()
                os._exit(0)
        _say(pid)
        sys.stdin.readline()
        _say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
