"""Many processes that change and use the same generations at once: each is told the truth."""

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from local_index import LocalIndex
from packages import held, install, offer, versions
from stored import add_generation, changing

from psynapse.environments.refusals import UnknownGeneration
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer

# Makes one change and prints what came of it.
CHANGE = """
import asyncio, json, logging, sys
from pathlib import Path
from psynapse.environments.base import read_base
from psynapse.environments.edits import Install
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv
from psynapse.errors import PsynapseError

logging.disable()
folder, spec, wait = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "wait"
changer = Changer(GenerationStore(folder), read_base(), Uv(folder / "cache"), WorkerProbe())
print("ready", flush=True)
sys.stdin.readline()
try:
    made = asyncio.run(changer.change(Install(parse_requirement(spec)), wait=wait))
    print(json.dumps(["done", made.after.id]))
except PsynapseError as error:
    print(json.dumps([error.code, str(error)]))
"""
# Uses whatever is current, again and again, and looks whether it stays whole while it is used.
USE = """
import sys
from pathlib import Path
from psynapse.environments.generation import MANIFEST
from psynapse.environments.store import GenerationStore

folder, seen = Path(sys.argv[1]), set()
print("ready", flush=True)
while not (folder / "enough").exists():
    generation, lock = GenerationStore(folder).use_current()
    if lock:
        for _ in range(20):
            assert (GenerationStore(folder).folder_of(generation.id) / MANIFEST).exists()
            assert (GenerationStore(folder).folder_of(generation.id) / "module.py").read_text()
        lock.release()
        seen.add(generation.id)
print(len(seen))
"""


def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """A process that is ready."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def at_once(store: GenerationStore, specs: list[str], wait: str) -> list[tuple[str, str, object]]:
    """What came of installs in as many processes at the same time: the spec, the outcome, and more of it."""
    processes = [start(CHANGE, store.folder, spec, wait) for spec in specs]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes: list[tuple[str, str, object]] = []
    for spec, process in zip(specs, processes, strict=True):
        said, _ = process.communicate(timeout=110)
        code, more = json.loads(said)
        outcomes.append((spec, code, more))
    return outcomes


@pytest.fixture
def specs(tmp_path: Path, index: LocalIndex) -> list[str]:
    """Eight packages, the last two of which exclude each other."""
    for version in ("1.0", "2.0"):
        offer(index, tmp_path, "helper-lib", version)
    names = [f"scope-{number}" for number in range(6)]
    for name in names:
        offer(index, tmp_path, name)
    offer(index, tmp_path, "scope-old", requires=["helper-lib<2"])
    offer(index, tmp_path, "scope-new", requires=["helper-lib>=2"])
    return [*names, "scope-old", "scope-new"]


def test_eight_installs_that_wait_for_each_other_are_all_made_but_for_what_cannot_be(
    specs: list[str], store: GenerationStore
):
    outcomes = at_once(store, specs, "wait")
    done = [spec for spec, code, _ in outcomes if code == "done"]
    (refused,) = [(spec, code) for spec, code, _ in outcomes if code != "done"]
    assert refused[0] in {"scope-old", "scope-new"}
    assert refused[1] == "dependency-conflict"
    assert {name for name in held(store) if name.startswith("scope-")} == set(done)
    # One after the other: each was made from the one before.
    made = [more for _, code, more in outcomes if code == "done"]
    assert len(set(made)) == len(made) == 7
    assert store.current().id in made
    assert sorted((store.folder / "nodes.txt").read_text().split()) == sorted(done)
    versions(store.current(), *(name.replace("-", "_") for name in done))
    assert store.recover().said == ()


def test_of_eight_installs_that_do_not_wait_each_is_made_or_refused_as_busy(specs: list[str], store: GenerationStore):
    outcomes = at_once(store, specs, "refuse")
    done = {spec for spec, code, _ in outcomes if code == "done"}
    assert done
    assert {code for _, code, _ in outcomes} <= {"done", "busy", "dependency-conflict"}
    assert {name for name in held(store) if name.startswith("scope-")} == done
    busy = [str(more) for _, code, more in outcomes if code == "busy"]
    assert all("being changed by" in message for message in busy)
    versions(store.current(), *(name.replace("-", "_") for name in done))


def test_what_readers_hold_stays_whole_while_others_are_made_and_removed(store: GenerationStore):
    store = GenerationStore(store.folder, kept=2)
    with changing(store):
        add_generation(store, "scope-0")
    readers = [start(USE, store.folder) for _ in range(2)]
    for number in range(1, 60):
        with changing(store):
            add_generation(store, f"scope-{number}")
            store.collect()
    (store.folder / "enough").touch()
    seen = [int(reader.communicate(timeout=60)[0]) for reader in readers]
    assert [reader.returncode for reader in readers] == [0, 0]
    assert max(seen) > 1
    (store.folder / "enough").unlink()
    with changing(store):
        store.collect()
    assert len(store.history()) == 2


def test_threads_of_one_process_exclude_each_other_as_well(store: GenerationStore):
    made: list[int] = []

    async def add() -> None:
        for number in range(10):
            async with GenerationStore(store.folder).locked(wait=True):
                made.append(add_generation(store, f"scope-{number}").id)

    threads = [threading.Thread(target=asyncio.run, args=(add(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == list(range(1, 31))


def test_a_generation_that_is_gone_cannot_be_held(
    tmp_path: Path, index: LocalIndex, store: GenerationStore, changer: Changer
):
    offer(index, tmp_path, "scope-a")
    generation = install(changer, "scope-a").after
    with changing(store):
        store.activate(0)
        store.discard(generation.id)
    with pytest.raises(UnknownGeneration):
        store.in_use(generation.id)
