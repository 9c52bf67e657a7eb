"""``psynapse run``: a workflow from a file to the values of its views."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from psynapse.cli.display import Display, make_display
from psynapse.cli.interrupts import Interrupts
from psynapse.cli.program import CANCELLED, FAILED, SUCCESS
from psynapse.cli.report import separate, show_failures, show_skipped, show_summary, show_warnings
from psynapse.cli.streams import error_console, is_live, stdout_for_data
from psynapse.cli.values import write_values
from psynapse.engine.encoding import to_json
from psynapse.engine.runner import Runner
from psynapse.errors import InvalidWorkflow, PsynapseError, SettingError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import RunStatus, TaskFailed
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.planning.plan import Plan
from psynapse.services.local import LoadedWorkflow, RunResult, load

_EXIT_CODES: Mapping[RunStatus, int] = {"succeeded": SUCCESS, "failed": FAILED, "cancelled": CANCELLED}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What the command line asked for; ``values`` and ``env`` still as ``name=value``."""

    file: Path
    values: Sequence[str] = ()
    targets: Sequence[str] = ()
    env: Sequence[str] = ()
    nodepacks_dir: Path | None = None
    as_json: bool = False
    quiet: bool = False


def run_workflow(request: RunRequest) -> int:
    """Run the workflow, show it, and return the exit code. Raises PsynapseError when it cannot run at all."""
    with stdout_for_data() as data:
        try:
            result, plan = _run(request)
        except PsynapseError as error:
            if request.as_json:
                _write_json(_unusable(error), data)
            raise _with_all_findings(error, request.file) from error
        if request.as_json:
            _write_json(_summary(result, plan), data)
        _report(request, result, plan, data)
    return _EXIT_CODES[result.status]


def _run(request: RunRequest) -> tuple[RunResult, Plan]:
    values = {name: parse_value(text) for name, text in pairs("--set", "node.parameter=value", request.values).items()}
    env = pairs("--env", "KEY=VALUE", request.env)
    display = make_display(quiet=request.quiet)
    with display:
        loaded = load(request.file, nodepacks=request.nodepacks_dir)
        return _run_shown(loaded, display, values, request.targets, env)


def _run_shown(
    loaded: LoadedWorkflow,
    display: Display,
    values: Mapping[str, object],
    targets: Sequence[str],
    env: Mapping[str, str],
) -> tuple[RunResult, Plan]:
    plans: list[Plan] = []
    with Interrupts(display.cancelling, terminal=is_live(error_console())) as interrupts:

        def begin(runner: Runner, plan: Plan) -> None:
            plans.append(plan)
            display.begin(plan)
            interrupts.attach(runner)

        result = loaded.run(set=values, targets=targets, env=env, on_event=display.take, on_start=begin, check=False)
    return result, plans[0]


def _report(request: RunRequest, result: RunResult, plan: Plan, data: TextIO) -> None:
    console = error_console()
    names = {task.node: task.name for task in plan.tasks}

    def naming(node: str) -> str:
        return names.get(node, node)  # pyright: ignore[reportArgumentType, reportCallIssue] -- ids are strings

    if not request.quiet:
        show_warnings(result.diagnostics, naming, console)
    if not request.as_json:
        there = [(naming(node), value) for node, value in result.results.items() if node in result.outputs]
        if there:
            separate(console)
        write_values(there, data)
    show_failures(result.errors, naming, console)
    show_skipped(result.skipped, naming, console)
    if not request.quiet:
        show_summary(result, len(plan.tasks), console)


def _with_all_findings(error: PsynapseError, file: Path) -> PsynapseError:
    """Where there is more to repair than the message tells, say how to see it."""
    if not isinstance(error, InvalidWorkflow) or len(error.diagnostics) <= 1:
        return error
    hint = f"{error.hint}; psynapse check {file} shows all {len(error.diagnostics)} findings".removeprefix("; ")
    return InvalidWorkflow(error.message, diagnostics=error.diagnostics, hint=hint)


def pairs(option: str, form: str, given: Sequence[str]) -> dict[str, str]:
    """Split each ``name=value``; the last one of a name counts. Raises SettingError for anything else."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise SettingError(f"{option} {text!r} is not of the form {form}", hint=f"write {option} {form}")
        found[name] = value
    return found


def parse_value(text: str) -> object:
    """The JSON value that ``text`` is, else the text itself."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _write_json(fields: dict[str, Json], data: TextIO) -> None:
    data.write(dumps(fields).decode() + "\n")
    data.flush()


def _summary(result: RunResult, plan: Plan) -> dict[str, Json]:
    errors: dict[str, Json] = {
        task.node: _error(result.errors[task.node], task.name) for task in plan.tasks if task.node in result.errors
    }
    return {
        "status": result.status,
        "results": {node: to_json(value) for node, value in result.results.items()},
        "errors": errors,
        "skipped": dict(result.skipped),
        "diagnostics": _findings(result.diagnostics),
        "seconds": result.seconds,
    }


def _error(failure: TaskFailed, name: str) -> dict[str, Json]:
    return {
        "name": name,
        "error": failure.error,
        "error_type": failure.error_type,
        "traceback": failure.traceback,
        "hint": failure.hint,
        "port": failure.port,
        "code": failure.code,
    }


def _unusable(error: PsynapseError) -> dict[str, Json]:
    """The same object for a workflow that could not run, with what stopped it as ``error``."""
    found = error.diagnostics if isinstance(error, InvalidWorkflow) else ()
    findings = [finding for finding in found if isinstance(finding, Diagnostic)]
    stopped: dict[str, Json] = {"code": error.code, "message": error.message, "hint": error.hint}
    nothing: dict[str, Json] = {"results": {}, "errors": {}, "skipped": {}, "diagnostics": _findings(findings)}
    return {"status": "error", **nothing, "seconds": 0.0, "error": stopped}


def _findings(diagnostics: Sequence[Diagnostic]) -> list[Json]:
    return [finding.to_json() for finding in diagnostics]
