"""Node packages and their changes as lines for people."""

from collections.abc import Iterator

from rich.text import Text

from psynapse.cli.report import hint_line, labelled
from psynapse.cli.streams import one_line
from psynapse.server.node_shapes import (
    ChangeAnswer,
    DistributionChanges,
    FailedNode,
    GenerationItem,
    NodeInfo,
    NodeList,
    PreviewAnswer,
)
from psynapse.server.pipeline_shapes import PipelineList


def list_lines(found: NodeList) -> Iterator[Text]:
    """All packages, then what could not be loaded."""
    if found.problem:
        yield labelled("warning", found.problem, "bold yellow")
    for node in found.nodes:
        yield from _node(node)
    for failure in found.failed:
        yield from _failure(failure)
    if not found.nodes:
        yield Text("no node packages are installed: psynapse nodes install PACKAGE")


def pipeline_lines(found: PipelineList) -> Iterator[Text]:
    """All pipelines."""
    for one in found.pipelines:
        line = Text.assemble((one.pipeline_id, "bold"), f"  {one_line(one.pipeline_name)}  of {one.package}")
        yield line if one.state == "not_loaded" else line.append(f"  {one.state.replace('_', ' ')}", style="yellow")
    if not found.pipelines:
        yield Text("no node package brings a pipeline")


def change_lines(done: ChangeAnswer) -> Iterator[Text]:
    """What was done, and what it did to distributions."""
    yield Text(one_line(done.message))
    yield from _difference_lines(done.changes)
    if done.restart_required:
        yield hint_line("start the server again to use it")


def preview_lines(found: PreviewAnswer) -> Iterator[Text]:
    """What a change would do."""
    lines = list(_difference_lines(found.changes))
    yield from lines or [Text("nothing would change")]
    for held in found.held_back:
        text = f"  {held.name} stays at {held.version} instead of {held.newest} because of {', '.join(held.because)}"
        yield Text(one_line(text), style="yellow")


def generation_lines(one: GenerationItem) -> Iterator[Text]:
    """A generation, and what it has changed."""
    mark = "*" if one.current else " "
    yield Text.assemble((f"{mark} {one.id:>3}", "bold"), f"  {one.created_at[:19]:<19}  {one_line(one.summary)}")
    yield from (Text.assemble("      ", line) for line in _difference_lines(one.changes))


def _node(node: NodeInfo) -> Iterator[Text]:
    line = Text.assemble((one_line(node.name), "bold"), f" {one_line(node.version)}")
    where = node.editable_path if node.editable else node.source
    line.append(f"  {one_line(where or node.source)}", style="dim")
    if node.disabled:
        line.append("  disabled", style="yellow")
    if node.update_available:
        line.append(f"  update: {one_line(node.latest_version or 'there is one')}", style="yellow")
    yield line
    if node.description:
        yield Text(f"  {one_line(node.description)}")
    parts = [*(one.pipeline_id for one in node.pipelines), *node.node_types, *node.nodepacks]
    if parts:
        yield Text(f"  brings {one_line(', '.join(parts))}", style="dim")


def _failure(failure: FailedNode) -> Iterator[Text]:
    message = one_line(f"{failure.package_name}: {failure.error_type}: {failure.error_message}")
    yield labelled("failed to load", message, "bold red")
    if failure.hint:
        yield hint_line(failure.hint, "  ")


def _difference_lines(changes: DistributionChanges) -> Iterator[Text]:
    for one in changes.added:
        yield Text(f"  + {one.name} {one.after}", style="green")
    for one in changes.changed:
        yield Text(f"  ~ {one.name} {one.before} → {one.after}", style="yellow")
    for one in changes.removed:
        yield Text(f"  - {one.name} {one.before}", style="red")
