"""The run log against a dict: any order of calls, full disks and restarts gives what a dict would give."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from logged_runs import begin, fill_disk

from psynapse.model.events import RunStatus
from psynapse.storage.records import LoggedStatus
from psynapse.storage.run_log import RunLog

NO_LIMIT = 1 << 50
DAY = 86_400.0
STATUSES: list[RunStatus] = ["succeeded", "failed", "cancelled"]
Result = TypeVar("Result")


@dataclass
class ModelRun:
    """What is known of a run; ``entered`` is False when its beginning met a full disk."""

    boot: str
    at: float
    entered: bool
    events: list[bytes] = field(default_factory=list)
    status: LoggedStatus = "running"
    seconds: float | None = None
    unlogged: str = ""


class RunLogMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.boot_number = 0
        self.begun = 0
        self.clock = 0.0
        self.runs: dict[str, ModelRun] = {}
        self.log = RunLog(Path(self.folder.name) / "runs.sqlite3")

    def do(self, call: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(call)

    @property
    def boot(self) -> str:
        return f"boot{self.boot_number}"

    def going(self) -> list[str]:
        return [run_id for run_id, run in self.runs.items() if run.status == "running"]

    def pick(self, data: st.DataObject) -> tuple[str, ModelRun]:
        run_id = data.draw(st.sampled_from(self.going()))
        return run_id, self.runs[run_id]

    @rule(day=st.integers(0, 3))
    def begin_run(self, day: int) -> None:
        run_id, self.clock = f"run{self.begun}", self.clock + day * DAY
        self.begun += 1
        unlogged = self.do(begin(self.log, run_id, boot=self.boot, at=self.clock))
        reason = unlogged.reason if unlogged else ""
        self.runs[run_id] = ModelRun(self.boot, self.clock, entered=not unlogged, unlogged=reason)

    @precondition(lambda self: self.going())
    @rule(data=st.data(), batch=st.lists(st.sampled_from([b"", b"a", b"b" * 900, b"c" * 20_000]), max_size=5))
    def append(self, data: st.DataObject, batch: list[bytes]) -> None:
        run_id, run = self.pick(data)
        unlogged = self.do(self.log.append(run_id, len(run.events), batch))
        if run.unlogged:
            assert unlogged is None
        elif unlogged:
            assert (unlogged.run_id, "full" in unlogged.reason) == (run_id, True)
            run.unlogged = unlogged.reason
        else:
            run.events += batch

    @precondition(lambda self: self.going())
    @rule(data=st.data(), status=st.sampled_from(STATUSES), seconds=st.floats(0, 1e6))
    def finish(self, data: st.DataObject, status: RunStatus, seconds: float) -> None:
        run_id, run = self.pick(data)
        unlogged = self.do(self.log.finish(run_id, status, seconds))
        assert unlogged is None or not run.unlogged
        run.status, run.seconds = status, seconds

    @precondition(lambda self: self.runs)
    @rule()
    def fill_the_disk(self) -> None:
        self.do(fill_disk(self.log))

    @rule()
    def restart(self) -> None:
        self.do(self.log.close())
        self.boot_number += 1
        self.log = RunLog(Path(self.folder.name) / "runs.sqlite3")
        lost = self.do(self.log.mark_lost(self.boot))
        assert list(lost) == [run_id for run_id in self.going() if self.runs[run_id].entered]
        for run_id in self.going():
            self.runs[run_id].status = "lost"
            self.runs[run_id].unlogged = ""

    @rule(days=st.integers(0, 4))
    def prune_by_age(self, days: int) -> None:
        pruned = self.do(self.log.prune(days, NO_LIMIT, now=self.clock))
        self.forget(
            pruned.run_ids,
            lambda run: run.status != "running" and run.entered and run.at < self.clock - days * DAY,
        )

    @rule()
    def prune_everything(self) -> None:
        pruned = self.do(self.log.prune(NO_LIMIT, 0, now=self.clock))
        self.forget(pruned.run_ids, lambda run: run.status != "running" and run.entered)

    def forget(self, pruned: tuple[str, ...], condition: Callable[[ModelRun], bool]) -> None:
        expected = [run_id for run_id, run in self.runs.items() if condition(run)]
        assert list(pruned) == expected
        for run_id in expected:
            del self.runs[run_id]

    @invariant()
    def says_what_the_model_says(self) -> None:
        entered = {run_id: run for run_id, run in self.runs.items() if run.entered}
        records = self.do(self.log.list(999))
        assert [record.run_id for record in records] == list(reversed(entered))
        for record in records:
            run = entered[record.run_id]
            assert (record.boot_id, record.started_at) == (run.boot, run.at)
            assert (record.status, record.seconds, record.unlogged) == (run.status, run.seconds, run.unlogged)

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), after=st.integers(-1, 8), limit=st.integers(0, 8))
    def read(self, data: st.DataObject, after: int, limit: int) -> None:
        run_id = data.draw(st.sampled_from(list(self.runs)))
        expected = list(enumerate(self.runs[run_id].events))[after + 1 :][:limit]
        assert self.do(self.log.read(run_id, after, limit)) == expected

    def teardown(self) -> None:
        for run_id, run in self.runs.items():
            assert self.do(self.log.read(run_id, -1, 9_999)) == list(enumerate(run.events))
        self.do(self.log.close())
        self.runner.close()
        self.folder.cleanup()


TestRunLogModel = RunLogMachine.TestCase
TestRunLogModel.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
