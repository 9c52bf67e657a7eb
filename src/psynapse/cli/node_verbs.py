"""What the verbs of ``psynapse nodes`` do: ask through a door, and show the answer or why there is none."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.text import Text

from psynapse.cli.node_doors import Door, Refused, open_door
from psynapse.cli.node_report import (
    change_lines,
    generation_lines,
    list_lines,
    pipeline_lines,
    preview_lines,
)
from psynapse.cli.program import FAILED, SUCCESS, UNUSABLE, complain
from psynapse.cli.streams import error_console, is_live, one_line, shown_text, stdout_for_data
from psynapse.environments.errors import BadRequirement
from psynapse.environments.refusals import NotInstalled
from psynapse.errors import PsynapseError
from psynapse.server.node_shapes import InstallAnswer, NodeInfo, PackageRequest
from psynapse.services.changes import more_about
from psynapse.settings import read_settings

_BAD_REQUESTS: Final = frozenset(
    {"bad-requirement", "requirement-not-found", "not-editable", "not-installed", "unknown-generation"}
)
Shown = tuple[BaseModel, Iterable[Text]]
"""An answer, and the lines that tell it to people."""


def show_nodes(*, refresh: bool, as_json: bool) -> int:
    """List the packages. Returns the exit code, as all of these do."""

    def ask(door: Door) -> Shown:
        found = door.list(refresh=refresh)
        return found, list_lines(found)

    return _carry_out(ask, as_json=as_json)


def show_pipelines(*, as_json: bool) -> int:
    """List the pipelines that packages bring."""

    def ask(door: Door) -> Shown:
        found = door.pipelines()
        return found, pipeline_lines(found)

    return _carry_out(ask, as_json=as_json)


def install_node(package: str, editable: bool | None, *, upgrade: bool, pre: bool, as_json: bool) -> int:
    """Install one, or another version of it."""

    def ask(door: Door) -> Shown:
        done = door.install(_wish(package, editable, upgrade=upgrade, pre=pre))
        return done, change_lines(done)

    return _carry_out(ask, as_json=as_json)


def preview_node(package: str, editable: bool | None, *, upgrade: bool, pre: bool, as_json: bool) -> int:
    """Show what an installation would do."""

    def ask(door: Door) -> Shown:
        found = door.preview(_wish(package, editable, upgrade=upgrade, pre=pre))
        return found, preview_lines(found)

    return _carry_out(ask, as_json=as_json)


def update_nodes(name: str, *, pre: bool, as_json: bool) -> int:
    """Update one, or all that have an update, one after the other."""

    def ask(door: Door) -> Shown:
        found = door.list(refresh=True)
        wanted = [node for node in found.nodes if node.removable and _is_meant(node, name)]
        if name and not wanted:
            raise NotInstalled(
                f"no node package {name!r} was installed", hint="psynapse nodes list shows those there are"
            )
        done = [door.install(_wish(node.spec, node.editable, upgrade=True, pre=pre)) for node in wanted]
        lines = [line for one in done for line in change_lines(one)]
        return Updates(updates=done), lines or [Text("everything is up to date")]

    return _carry_out(ask, as_json=as_json)


def uninstall_node(name: str, *, as_json: bool) -> int:
    """Remove one."""

    def ask(door: Door) -> Shown:
        done = door.uninstall(name)
        unloaded = [f"unloaded {one}" for one in done.unloaded_pipelines]
        return done, [*change_lines(done), *map(Text, unloaded)]

    return _carry_out(ask, as_json=as_json)


def reload_node(name: str, *, as_json: bool) -> int:
    """Use edited code."""

    def ask(door: Door) -> Shown:
        done = door.reload(name)
        parts = {"loaded again": done.reloaded_pipelines, "new": done.added_pipelines, "gone": done.removed_pipelines}
        told = [Text(f"  {word}: {', '.join(names)}") for word, names in parts.items() if names]
        return done, [Text(done.message), *told]

    return _carry_out(ask, as_json=as_json)


def switch_node(name: str, *, on: bool, as_json: bool) -> int:
    """Switch one off, or on again."""

    def ask(door: Door) -> Shown:
        done = door.enable(name) if on else door.disable(name)
        unloaded = [Text(f"unloaded {one}") for one in done.unloaded_pipelines]
        return done, [Text(one_line(done.message)), *unloaded]

    return _carry_out(ask, as_json=as_json)


def roll_back(to: int | None, *, as_json: bool) -> int:
    """Go back to a generation."""

    def ask(door: Door) -> Shown:
        done = door.rollback(to)
        return done, change_lines(done)

    return _carry_out(ask, as_json=as_json)


def show_history(*, as_json: bool) -> int:
    """List the generations."""

    def ask(door: Door) -> Shown:
        found = door.history()
        return found, [line for one in found.generations for line in generation_lines(one)]

    return _carry_out(ask, as_json=as_json)


class Updates(BaseModel):
    """What was updated, in order."""

    updates: list[InstallAnswer]


def _is_meant(node: NodeInfo, name: str) -> bool:
    return canonicalize_name(node.name) == canonicalize_name(name) if name else node.update_available is True


def _wish(package: str, editable: bool | None, *, upgrade: bool, pre: bool) -> PackageRequest:
    # A server has another current folder, and another home perhaps.
    spec = str(Path(package).expanduser().absolute()) if _is_path(package) else package
    try:
        return PackageRequest(package=spec, editable=editable, upgrade=upgrade, pre=pre)
    except ValidationError as error:
        raise BadRequirement(f"{package[:80]!r} cannot be installed: {error.errors()[0]['msg']}") from error


def _is_path(package: str) -> bool:
    return package in {".", ".."} or package.startswith(("./", "../", "~"))


def _carry_out(ask: Callable[[Door], Shown], *, as_json: bool) -> int:
    """Ask, and write the answer to stdout; a refusal goes to stderr in full."""
    with stdout_for_data() as data:
        steps = _Steps(error_console())
        try:
            with steps:
                answer, lines = ask(open_door(read_settings(), steps.tell))
        except PsynapseError as error:
            return _refuse(error)
        if as_json:
            data.write(answer.model_dump_json() + "\n")
        else:
            console = Console(file=data, highlight=False, soft_wrap=True)
            for line in lines:
                console.print(line)
    return SUCCESS


def _refuse(error: PsynapseError) -> int:
    details = error.details if isinstance(error, Refused) else {"code": error.code, **more_about(error)}
    console = error_console()
    for name in ("traceback", "explanation"):
        if text := str(details.get(name) or "").strip():
            console.print(shown_text(text))
    complain(error.message, error.hint)
    return UNUSABLE if details.get("code") in _BAD_REQUESTS else FAILED


class _Steps:
    """Shows what a change is at: in place on a terminal, else a line for each step."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("…") if is_live(console) else None
        self._last = ""

    def __enter__(self) -> None:
        if self._status:
            self._status.start()

    def __exit__(self, *_: object) -> None:
        if self._status:
            self._status.stop()

    def tell(self, news: Mapping[str, Any]) -> None:
        """Show a step."""
        if news["type"] != "step":
            return
        if self._status:
            self._status.update(Text(one_line(f"{news['step']}: {news['message']}")))
        elif news["step"] != self._last:
            self._console.print(Text(one_line(f"{news['step']}: {news['message']}"), style="dim"))
        self._last = news["step"]
