"""``psynapse check``: everything that is wrong with a workflow."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from psynapse.cli.program import FAILED, SUCCESS
from psynapse.cli.report import hint_line, node_title
from psynapse.cli.source import read_source
from psynapse.cli.streams import one_line, stdout_for_data
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.json_text import dumps
from psynapse.model.workflow import Workflow
from psynapse.planning.planner import diagnose
from psynapse.services.whole_catalog import whole_catalog
from psynapse.services.workflow_files import read_workflow
from psynapse.settings import read_settings

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def check_workflow(file: Path, nodepacks_dir: Path | None, *, as_json: bool) -> int:
    """Write the findings to stdout and return the exit code. Raises WorkflowFileError and SettingError."""
    with stdout_for_data() as data:
        workflow, found = read_workflow(read_source(file))
        findings = diagnose(workflow, whole_catalog(read_settings(nodepacks_dir=nodepacks_dir)), found)
        counts = Counter(finding.severity for finding in findings)
        if as_json:
            fields = [finding.to_json() for finding in findings]
            data.write(
                dumps({"diagnostics": fields, "errors": counts["error"], "warnings": counts["warning"]}).decode() + "\n"
            )
        else:
            _show(findings, _names(workflow), Console(file=data, highlight=False, soft_wrap=True))
    return FAILED if counts["error"] else SUCCESS


def _names(workflow: Workflow) -> dict[str, str]:
    return {
        node.id: node.label or _function(node.data.get("ref") or node.data.get("functionName"))
        for node in workflow.nodes
    }


def _function(name: object) -> str:
    return name.rpartition(":")[2] if isinstance(name, str) else ""


def _show(findings: Sequence[Diagnostic], names: dict[str, str], console: Console) -> None:
    by_node: dict[str, list[Diagnostic]] = {}
    for finding in findings:
        by_node.setdefault(finding.node or "", []).append(finding)
    for node, group in by_node.items():
        title = f"node {node_title(node, names.get(node, ''))}" if node else "the workflow"
        console.print(Text.assemble((title, "bold")))
        for finding in group:
            _show_one(finding, console)
    console.print(_total(findings))


def _show_one(finding: Diagnostic, console: Console) -> None:
    label = (f"  {finding.severity}", _STYLES[finding.severity])
    code = (f"[{finding.code}]", "dim")
    where = f" ({finding.pointer})" if finding.pointer else ""
    console.print(Text.assemble(label, code, (": ", "bold"), one_line(finding.message), (where, "dim")))
    if finding.hint:
        console.print(hint_line(finding.hint, "    "))


def _total(findings: Iterable[Diagnostic]) -> Text:
    counts = Counter(finding.severity for finding in findings)
    parts = [
        Text(f"{count} {severity}{'' if count == 1 else 's'}", style=_STYLES[severity])
        for severity in ("error", "warning")
        if (count := counts[severity])
    ]
    return Text(", ").join(parts) if parts else Text("no findings", style="bold green")
