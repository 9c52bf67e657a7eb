"""Node packages in a worker: what it offers, its pipelines, and packages that end it."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from installed_packages import COLOUR, INVERT, write_package
from package_workers import spec_with
from worker_bench import play, working

from psynapse.errors import WorkerError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.packages import DisabledPackage, PipelineState
from psynapse.worker import client
from psynapse.worker.client import Worker
from psynapse.worker.greeting import PackageImportDied
from psynapse.worker.process import WorkerSpec


def with_worker(spec: WorkerSpec, story: Callable[[Worker], Coroutine[Any, Any, None]]) -> None:
    async def tell() -> None:
        async with working(spec) as worker:
            await story(worker)

    asyncio.run(tell())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


def test_the_catalog_has_the_packages_of_its_python(site: Path):
    write_package(site, "colours", {"colours.py": COLOUR}, Summary="Colours", Author="Ada")
    write_package(site, "broken", {"broken.py": "1 / 0"})

    async def story(worker: Worker) -> None:
        broken, colours = worker.catalog.packages
        assert (colours.name, colours.summary, colours.author) == ("colours", "Colours", "Ada")
        assert [info.id for info in colours.pipelines] == ["colour"]
        assert [failure.error_type for failure in broken.failures] == ["ZeroDivisionError"]
        assert worker.catalog.failures == broken.failures
        assert [schema.style for schema in worker.catalog.schemas] == ["pipeline"]

    with_worker(spec_with(site), story)


def test_a_worker_can_do_without_packages(site: Path):
    write_package(site, "fatal", {"fatal.py": "import os; os._exit(9)"})

    async def story(worker: Worker) -> None:
        assert worker.catalog.packages == ()
        assert await worker.pipelines() == ()
        with pytest.raises(WorkerError, match="there is no pipeline 'colour'"):
            await worker.load_pipeline("colour", {})

    with_worker(spec_with(site, packages=False), story)


DEADLY = {
    "exits": ("import os; os._exit(9)", "exit code 9"),
    "crashes": (f"import os; os.kill(os.getpid(), {signal.SIGSEGV:d})", "SIGSEGV"),
    "interrupts": ("raise KeyboardInterrupt", "SIGINT|exit code"),
    "hook": (
        "import os\nfrom scope.core import hookimpl\n@hookimpl\ndef register_nodes(register):\n    os._exit(8)",
        "exit code 8",
    ),
}


@pytest.mark.parametrize("case", DEADLY)
def test_a_package_that_ends_the_process_is_named(site: Path, case: str):
    source, words = DEADLY[case]
    write_package(site, "a-good", {"a_good.py": COLOUR})
    write_package(site, "deadly", {"deadly.py": source})
    with pytest.raises(PackageImportDied, match=words) as caught:
        asyncio.run(Worker.start(spec_with(site)))
    assert caught.value.package == "deadly"
    assert "deadly" in caught.value.message
    assert caught.value.hint


def test_a_package_that_never_finishes_importing_is_named(site: Path, monkeypatch: pytest.MonkeyPatch):
    write_package(site, "endless", {"endless.py": "while True: pass"})
    monkeypatch.setattr(client, "START_SECONDS", 2.0)
    with pytest.raises(PackageImportDied, match="endless was not imported within 2 seconds") as caught:
        asyncio.run(Worker.start(spec_with(site)))
    assert caught.value.package == "endless"


def test_a_nodepack_that_ends_the_process_is_no_packages_fault(site: Path, tmp_path: Path):
    write_package(site, "good", {"good.py": COLOUR})
    (tmp_path / "packs" / "pack").mkdir(parents=True)
    (tmp_path / "packs" / "pack" / "ops.py").write_text("import os; os._exit(7)")
    spec = spec_with(site)
    with pytest.raises(WorkerError, match="exit code 7") as caught:
        asyncio.run(Worker.start(WorkerSpec(roots=((tmp_path / "packs", "user"),), python=spec.python)))
    assert not isinstance(caught.value, PackageImportDied)


def test_a_skipped_package_is_not_imported_and_says_so(site: Path):
    write_package(site, "deadly", {"deadly.py": "import os; os._exit(9)"})
    write_package(site, "colours", {"colours.py": COLOUR})

    async def story(worker: Worker) -> None:
        assert [package.name for package in worker.catalog.packages] == ["colours", "deadly"]
        (failure,) = worker.catalog.failures
        assert failure.package == "deadly"
        assert (await play(worker, "colour")).status == "succeeded"

    with_worker(spec_with(site, skip_packages=("deadly",)), story)


def test_a_package_that_is_switched_off_is_not_imported_and_its_pipelines_are_not_there(site: Path):
    write_package(site, "deadly", {"deadly.py": "import os; os._exit(9)"})
    write_package(site, "colours", {"colours.py": COLOUR})
    off = (DisabledPackage("colours"), DisabledPackage("deadly", ("deadly_nodes",)))

    async def story(worker: Worker) -> None:
        assert [(one.name, one.disabled) for one in worker.catalog.packages] == [("colours", True), ("deadly", True)]
        assert [one.nodepacks for one in worker.catalog.packages] == [(), ("deadly_nodes",)]
        assert (worker.catalog.failures, worker.catalog.schemas) == ((), ())
        found = worker.catalog.resolve("deadly_nodes/ops.py:f")
        assert isinstance(found, Diagnostic)
        assert found.message == "the package deadly, which has 'deadly_nodes/ops.py:f', is disabled"
        with pytest.raises(WorkerError, match="no node package has a pipeline 'colour'"):
            await worker.load_pipeline("colour", {})

    with_worker(spec_with(site, disabled=off), story)


def test_pipelines_are_loaded_and_unloaded_and_say_how_they_are(site: Path):
    write_package(site, "colours", {"colours.py": COLOUR})
    write_package(site, "inverts", {"inverts.py": INVERT})

    async def story(worker: Worker) -> None:
        assert await worker.pipelines() == ()
        (colour,) = await worker.load_pipeline("colour", {"start": 5})
        assert colour == PipelineState(pipeline_id="colour", state="loaded", load_params={"start": 5})
        assert len(await worker.load_pipeline("invert", {})) == 2
        assert await worker.unload_pipeline("invert") == (colour,)
        with pytest.raises(WorkerError, match="no node package has a pipeline 'nothing'"):
            await worker.load_pipeline("nothing", {})
        with pytest.raises(WorkerError, match="height"):
            await worker.load_pipeline("colour", {"height": "tall"})
        assert await worker.pipelines() == (colour,)

    with_worker(spec_with(site), story)


def test_a_pipeline_that_cannot_be_loaded_has_its_error(site: Path):
    write_package(site, "colours", {"colours.py": COLOUR.replace("Colour.made += 1", "raise OSError('no model')")})

    async def story(worker: Worker) -> None:
        (state,) = await worker.load_pipeline("colour", {})
        assert (state.state, state.error) == ("error", "OSError: no model")
        assert "colours.py" in state.traceback
        assert await worker.pipelines() == (state,)
        end = await play(worker, "colour")
        assert end.status == "failed"
        assert await worker.unload_pipeline("colour") == ()

    with_worker(spec_with(site), story)


def test_a_pipeline_stays_loaded_between_runs(site: Path):
    write_package(site, "colours", {"colours.py": COLOUR})

    async def story(worker: Worker) -> None:
        results: list[Any] = [(await play(worker, "colour", run=str(number))).values["view"] for number in range(3)]
        assert [(result["calls"], result["made"]) for result in results] == [(1, 1), (2, 1), (3, 1)]
        assert await worker.pipelines() == (PipelineState(pipeline_id="colour", state="loaded"),)

    with_worker(spec_with(site), story)
