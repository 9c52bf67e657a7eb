"""``psynapse doctor``: every check, one line each."""

import os
import platform
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from psynapse import __version__
from psynapse.cli.doctor import data_directory, installation, machine, network, node_packages, workers
from psynapse.cli.doctor.finding import Finding, Level, problem
from psynapse.cli.program import FAILED, SUCCESS
from psynapse.cli.report import hint_line
from psynapse.cli.streams import one_line, stdout_for_data
from psynapse.errors import PsynapseError
from psynapse.model.guarded import Raised, outcome
from psynapse.model.ids import Json
from psynapse.model.json_text import dumps
from psynapse.settings import Settings, read_settings

Check = Callable[[Settings], Finding]
CHECKS: Final[Mapping[str, Check]] = {
    "Python": installation.python_version,
    "files": installation.own_files,
    "packages": installation.dependencies,
    "uv": installation.uv,
    "variables": machine.variables,
    "memory": machine.memory,
    "temporary folder": machine.temporary_folder,
    "loopback": network.loopback,
    "port": network.port,
    "data directory": data_directory.data_directory,
    "disk": data_directory.free_space,
    "owner": data_directory.owner,
    "run log": data_directory.run_log,
    "clock": data_directory.clock,
    "nodepacks": workers.nodepacks,
    "node packages": node_packages.node_packages,
    "left over": workers.strays,
}
_STYLES: Final[Mapping[Level, str]] = {"ok": "green", "warning": "bold yellow", "problem": "bold red"}
_LABEL: Final = 8
_NAME: Final = max(map(len, CHECKS))

Named = tuple[str, Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorRequest:
    """What the command line asked for; None where it said nothing."""

    host: str | None = None
    port: int | None = None
    nodepacks_dir: Path | None = None
    data_dir: Path | None = None
    as_json: bool = False


def examine(request: DoctorRequest) -> int:
    """Carry out every check, write what they find to stdout, and return the exit code.

    Raises SettingError for options that make no sense; environment variables that do not are findings.
    """
    unusable = machine.unusable_variables(os.environ)
    usable = {name: value for name, value in os.environ.items() if name not in unusable}
    settings = read_settings(
        nodepacks_dir=request.nodepacks_dir,
        data_dir=request.data_dir,
        host=request.host,
        port=request.port,
        environ=usable,
    )
    first = [("settings", problem(error.message, error.hint)) for error in unusable.values()]
    with stdout_for_data() as data:
        findings: list[Named] = []
        console = Console(file=data, highlight=False, soft_wrap=True)
        for named in (*first, *carried_out(CHECKS, settings)):
            findings.append(named)
            if not request.as_json:
                _show(*named, console)
        if request.as_json:
            data.write(dumps(_report(findings)).decode() + "\n")
        else:
            console.print(_total(findings))
    return FAILED if any(finding.level == "problem" for _, finding in findings) else SUCCESS


def carried_out(checks: Mapping[str, Check], settings: Settings) -> Iterator[Named]:
    """What each check finds, as soon as it has; one that breaks has found a problem too."""
    for name, check in checks.items():
        found = outcome(check, settings)
        yield name, _broken(found.error) if isinstance(found, Raised) else found


def _broken(error: BaseException) -> Finding:
    hint = error.hint if isinstance(error, PsynapseError) else ""
    reason = error.message if isinstance(error, PsynapseError) else f"{type(error).__name__}: {error}"
    return problem(f"the check itself failed: {reason}", hint or "report it as a bug of psynapse, with this line")


def _show(name: str, finding: Finding, console: Console) -> None:
    indent = " " * (_LABEL + _NAME + 1)
    label = (f"{finding.level:<{_LABEL}}", _STYLES[finding.level])
    console.print(Text.assemble(label, (f"{name:<{_NAME}} ", "bold"), one_line(finding.message)))
    for line in finding.details:
        console.print(Text(f"{indent}{one_line(line)}"))
    if finding.hint:
        console.print(hint_line(finding.hint, indent))


def _total(findings: Sequence[Named]) -> Text:
    counts = Counter(finding.level for _, finding in findings)
    levels: tuple[Level, ...] = ("problem", "warning")
    parts = [
        Text(f"{count} {level}{'' if count == 1 else 's'}", style=_STYLES[level])
        for level in levels
        if (count := counts[level])
    ]
    return Text(", ").join(parts) if parts else Text("nothing is wrong", style="bold green")


def _report(findings: Sequence[Named]) -> dict[str, Json]:
    counts = Counter(finding.level for _, finding in findings)
    return {
        "psynapse": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "problems": counts["problem"],
        "warnings": counts["warning"],
        "findings": [_finding(name, finding) for name, finding in findings],
    }


def _finding(name: str, finding: Finding) -> dict[str, Json]:
    return {
        "check": name,
        "level": finding.level,
        "message": finding.message,
        "hint": finding.hint,
        "details": list(finding.details),
    }
