"""Installing, refusing and going back, side by side with uv itself: a real index on loopback, a warm cache."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.rows import PLAIN, PSYNAPSE, Goal, Row, Scale, make_row
from benchmarks.timing import Contender, compare

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from benchmarks.engine import Psynapse
    from psynapse.environments.edits import Edit
    from psynapse.environments.transaction import Changer
    from psynapse.worker.launcher import Launcher

_FIXTURES = Path(__file__).resolve().parents[1] / "tests" / "node_packages"
_QUIET_SECONDS = 2.0


def installing(psynapse: Psynapse, scale: Scale) -> Iterator[Row]:
    """A small package installed as uv does it and as a generation; a conflict; a rollback."""
    del psynapse
    with tempfile.TemporaryDirectory(prefix="psynapse-bench-") as folder, _offered(Path(folder)):
        bench = _Bench(Path(folder))
        try:
            yield from bench.rows(scale.few_rounds * 3)
        finally:
            asyncio.run(bench.launcher.close())


class _Bench:
    """A store with one generation, and an environment of uv's own."""

    def __init__(self, folder: Path) -> None:
        from psynapse.environments.base import read_base
        from psynapse.environments.probing import WorkerProbe
        from psynapse.environments.store import GenerationStore
        from psynapse.environments.transaction import Changer
        from psynapse.environments.uv import Uv, find_uv
        from psynapse.worker.launcher import Launcher

        self.launcher = Launcher()
        self.uv = Uv(folder / "cache", self.launcher.guard)
        asyncio.run(_as_in_a_server(self.launcher))
        probe = WorkerProbe(self.launcher)
        self.changer: Changer = Changer(GenerationStore(folder / "nodes"), read_base(), self.uv, probe)
        self._program = find_uv()
        self._python = str(folder / "venv" / "bin" / "python")
        self._run_uv("venv", "--quiet", "--no-project", "--python", sys.executable, str(folder / "venv"))

    def rows(self, rounds: int) -> Iterator[Row]:
        from psynapse.environments.edits import Install, Rollback
        from psynapse.environments.requirement import parse_requirement

        small, conflicting = (Install(parse_requirement(name)) for name in ("scope-small", "scope-conflicting"))
        back = partial(self._change, Rollback(0))
        plain = Contender(call=self._install, prepare=self._uninstall, check=bool)
        ours = Contender(call=partial(self._change, small), prepare=back, check=lambda held: held == ["scope-small"])
        timings = compare({PLAIN: plain, PSYNAPSE: ours}, rounds)
        goal = Goal("≤ 3 x uv pip install", 3)
        yield make_row(
            "install of a small package, warm, tried in a worker (plain: uv pip install)", "ms", timings, goal=goal
        )
        refused = Contender(call=partial(self._refusal, conflicting), check=lambda said: "pydantic" in str(said))
        timings = compare({PSYNAPSE: refused}, rounds)
        yield make_row("conflict refused, explained", "ms", timings, goal=Goal("≤ 200 ms", 200, of="figure"))
        forward = partial(self._change, small)
        rollback = Contender(call=back, prepare=forward, check=lambda held: held == [])
        timings = compare({PSYNAPSE: rollback}, rounds)
        yield make_row("rollback", "ms", timings, goal=Goal("≤ 500 ms, offline", 500, of="figure"))

    def _change(self, edit: Edit) -> list[str]:
        """The names of all that is there afterwards."""
        return [one.name for one in asyncio.run(self.changer.change(edit)).after.locked]

    def _refusal(self, edit: Edit) -> object:
        from psynapse.environments.errors import DependencyConflict

        try:
            return self._change(edit)
        except DependencyConflict as refused:
            return refused

    def _install(self) -> str:
        return self._run_uv("pip", "install", "--python", self._python, "scope-small")

    def _uninstall(self) -> None:
        self._run_uv("pip", "uninstall", "--python", self._python, "scope-small")

    def _run_uv(self, *arguments: str) -> str:
        command = [self._program, *arguments]
        ran = subprocess.run(command, env=self.uv.environment(), check=True, capture_output=True, text=True)
        return ran.stdout + ran.stderr


async def _as_in_a_server(launcher: Launcher) -> None:
    """Have it forked a worker for runs; then it imports what most of them want, while nobody asks for another."""
    from psynapse.catalog.nodepacks import shipped_root
    from psynapse.worker.client import Worker
    from psynapse.worker.process import WorkerSpec

    worker = await Worker.start(WorkerSpec(roots=((shipped_root(), "shipped"),)), launcher)
    await asyncio.sleep(_QUIET_SECONDS)
    await worker.kill()


@contextmanager
def _offered(folder: Path) -> Generator[None]:
    """An index with two packages in it, for uv to use."""
    sys.path.append(str(_FIXTURES))
    # Beside the tests, and no part of any package: nothing but this path leads there.
    index, packages = import_module("local_index").LocalIndex(), import_module("package_project")
    for name, requires in (("scope-small", []), ("scope-conflicting", ["pydantic<2"])):
        index.add(packages.build_wheel(packages.make_package(folder, name, requires=requires)))
    with ExitStack() as stack:
        stack.callback(index.stop)
        for name, value in {**index.environment(), "UV_NO_CONFIG": "1"}.items():
            stack.callback(_restore, name, os.environ.get(name))
            os.environ[name] = value
        yield


def _restore(name: str, value: str | None) -> None:
    os.environ.pop(name, None)
    if value is not None:
        os.environ[name] = value
