"""What is told about a run besides its values: findings, failures with the user's traceback, what was skipped."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.text import Text

from psynapse.cli.ending import Ending
from psynapse.cli.streams import one_line, seconds_text, shown_text
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.events import TaskFailed

_MOST_FAILURES: Final = 10
_MOST_WARNINGS: Final = 5
_MOST_NAMES: Final = 8

Naming = Callable[[str], str]
"""Gives the shown name of a node by its id."""


def labelled(label: str, message: str, style: str) -> Text:
    """``label: message``, the label in ``style``."""
    return Text.assemble((label, style), (": ", "bold"), shown_text(message))


def separate(console: Console) -> None:
    """A blank line between what belongs together and what comes next, for the eye only."""
    if console.is_terminal:
        console.print()


def hint_line(hint: str, indent: str = "") -> Text:
    """The hint on a line of its own."""
    return Text.assemble(indent, labelled("hint", hint, "bold cyan"))


def node_title(node: str, name: str) -> str:
    """``name (id)``, or only the id where the name is nothing else."""
    return one_line(node if name in {"", node} else f"{name} ({node})")


def show_warnings(findings: Sequence[Diagnostic], naming: Naming, console: Console) -> None:
    """Show what does not stop the run but is probably not meant. Errors show as failed nodes."""
    warnings = [finding for finding in findings if finding.severity == "warning"]
    if warnings:
        separate(console)
    for finding in warnings[:_MOST_WARNINGS]:
        where = f"node {node_title(finding.node, naming(finding.node))}: " if finding.node else ""
        console.print(labelled("warning", where + finding.message, "bold yellow"))
        if finding.hint:
            console.print(hint_line(finding.hint))
    if len(warnings) > _MOST_WARNINGS:
        console.print(_more(len(warnings) - _MOST_WARNINGS, "warnings; psynapse check shows them all"))


def show_failures(errors: Mapping[str, TaskFailed], naming: Naming, console: Console) -> None:
    """Show each failed node: where in the user's code, what, and what to do."""
    for node, failure in list(errors.items())[:_MOST_FAILURES]:
        separate(console)
        console.print(labelled("error", f"node {node_title(node, naming(node))} failed", "bold red"))
        if failure.traceback:
            console.print(_indented(failure.traceback))
        else:
            console.print(_indented(failure.error if failure.code else f"{failure.error_type}: {failure.error}"))
        if failure.hint:
            console.print(hint_line(failure.hint))
    if len(errors) > _MOST_FAILURES:
        console.print(_more(len(errors) - _MOST_FAILURES, "failed nodes; --json gives them all"))


def show_skipped(skipped: Mapping[str, str], naming: Naming, console: Console) -> None:
    """Show what did not run, by what kept it from running."""
    if skipped:
        separate(console)
    by_cause = sorted(skipped.items(), key=lambda pair: pair[1])
    groups = [(cause, list(pairs)) for cause, pairs in groupby(by_cause, key=lambda pair: pair[1])]
    for cause, pairs in groups[:_MOST_FAILURES]:
        names = [one_line(naming(node)) for node, _ in pairs]
        shown = ", ".join(names[:_MOST_NAMES])
        rest = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
        console.print(labelled("skipped", f"{shown}{rest}, because {one_line(naming(cause))} failed", "bold yellow"))
    if rest := sum(len(pairs) for _, pairs in groups[_MOST_FAILURES:]):
        console.print(_more(rest, "skipped nodes; --json gives them all"))


def show_break(error: str, console: Console) -> None:
    """Show why a run broke off when that was no node's doing."""
    if error:
        separate(console)
        console.print(labelled("error", f"the run broke off: {error}", "bold red"))


def show_summary(ending: Ending, console: Console) -> None:
    """Show how the run ended, in one line: ``12 nodes in 1.24s``."""
    separate(console)
    done, failed, skipped = ending.done, len(ending.errors), len(ending.skipped)
    counts = [(done, "done", "bold green"), (failed, "failed", "bold red"), (skipped, "skipped", "bold yellow")]
    if rest := len(ending.plan.tasks) - done - failed - skipped:
        counts.append((rest, "cancelled", "bold yellow"))
    elif not failed:
        counts = [(done, "node" if done == 1 else "nodes", "bold green")]
    parts = [Text(f"{count:,} {word}", style=style) for count, word, style in counts if count or len(counts) == 1]
    console.print(Text(", ").join(parts).append(f" in {seconds_text(ending.seconds)}", style="dim"))


def _indented(text: str) -> Text:
    lines = shown_text(text.rstrip("\n")).split("\n")
    return Text("\n").join(Text.assemble("  ", line) for line in lines)


def _more(count: int, what: str) -> Text:
    return Text(f"… and {count:,} more {what}", style="dim")
