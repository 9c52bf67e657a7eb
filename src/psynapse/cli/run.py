"""``psynapse run``: a workflow from a file to the values of its views."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from psynapse.cli.display import make_display
from psynapse.cli.ending import Ending
from psynapse.cli.in_worker import WorkerRun, workers_possible
from psynapse.cli.program import CANCELLED, FAILED, SUCCESS
from psynapse.cli.report import separate, show_break, show_failures, show_skipped, show_summary, show_warnings
from psynapse.cli.source import read_source
from psynapse.cli.streams import error_console, stdout_for_data
from psynapse.cli.values import value_json, write_values
from psynapse.errors import InvalidWorkflow, PsynapseError, SettingError
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import RunStatus, TaskFailed
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.services.workflow_files import document_with_values
from psynapse.settings import read_settings
from psynapse.worker.launcher import Launcher

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
    in_process: bool = False


def run_workflow(request: RunRequest, launcher: Launcher | None = None) -> int:
    """Run the workflow, show it, and return the exit code. ``launcher`` may be prepared already.

    Raises PsynapseError when it cannot run at all.
    """
    with stdout_for_data() as data:
        try:
            ending = _run(request, launcher, whole=request.as_json or not data.isatty())
        except PsynapseError as error:
            if request.as_json:
                _write_json(_unusable(error), data)
            raise _with_all_findings(error, request.file) from error
        if request.as_json:
            _write_json(_summary(ending), data)
        _report(request, ending, data)
    return _EXIT_CODES[ending.status]


def _run(request: RunRequest, launcher: Launcher | None, *, whole: bool) -> Ending:
    """Run in a worker where that is possible; ``whole``: with whole values, not only previews."""
    values = {name: parse_value(text) for name, text in pairs("--set", "node.parameter=value", request.values).items()}
    env = pairs("--env", "KEY=VALUE", request.env)
    settings = read_settings(nodepacks_dir=request.nodepacks_dir)
    document = read_source(request.file)
    with make_display(quiet=request.quiet) as display:
        if request.in_process or not workers_possible():
            from psynapse.cli.in_process import InProcessRun  # noqa: PLC0415 -- what else only a worker imports

            return InProcessRun(settings, display).carry_out(document, values, request.targets, env)
        document = document_with_values(document, values) if values else document
        return WorkerRun(settings, display, launcher).carry_out(document, request.targets, env, whole=whole)


def _report(request: RunRequest, ending: Ending, data: TextIO) -> None:
    console = error_console()
    names = {task.node: task.name for task in ending.plan.tasks}

    def naming(node: str) -> str:
        return names.get(node, node)  # pyright: ignore[reportArgumentType, reportCallIssue] -- ids are strings

    if not request.quiet:
        show_warnings(ending.plan.diagnostics, naming, console)
    if not request.as_json:
        if ending.values:
            separate(console)
        write_values([(naming(node), value) for node, value in ending.values.items()], data)
    show_failures(ending.errors, naming, console)
    show_skipped(ending.skipped, naming, console)
    show_break(ending.error, console)
    if not request.quiet:
        show_summary(ending, console)


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


def _summary(ending: Ending) -> dict[str, Json]:
    errors: dict[str, Json] = {
        task.node: _error(ending.errors[task.node], task.name)
        for task in ending.plan.tasks
        if task.node in ending.errors
    }
    summary: dict[str, Json] = {
        "status": ending.status,
        "results": {node: value_json(ending.values.get(node)) for node in ending.targets},
        "errors": errors,
        "skipped": dict(ending.skipped),
        "diagnostics": _findings(ending.plan.diagnostics),
        "seconds": ending.seconds,
    }
    stopped: dict[str, Json] = {"code": "broken-off", "message": ending.error, "hint": ""}
    return {**summary, "error": stopped} if ending.error else summary


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
