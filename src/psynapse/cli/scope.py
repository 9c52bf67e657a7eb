"""``daydream-scope``: psynapse under the name that node packages' documentation uses."""

from typing import Annotated

import typer

from psynapse.cli.app import serve
from psynapse.cli.program import run_program
from psynapse.errors import PsynapseError


class NotYet(PsynapseError):
    """Something was asked for that this version cannot do."""

    code = "not-yet"


def _not_yet(what: str, **asked: object) -> NotYet:
    """The error that says so; ``asked`` are the options that were given."""
    hint = "a folder with an ops.py in NODEPACKS_DIR adds nodes"
    return NotYet(f"this version of psynapse cannot {what} yet", hint=hint, **asked)


app = typer.Typer(name="daydream-scope", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def _start(context: typer.Context) -> None:
    """Start the server, or manage node packages."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def install(
    package: Annotated[str, typer.Argument(help="Index name, Git URL or local path.")],
    editable: Annotated[bool, typer.Option("--editable", "-e", help="Install a local package in place.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest version.")] = False,
    pre: Annotated[bool, typer.Option("--pre", help="Allow pre-releases.")] = False,
) -> None:
    """Install a node package."""
    raise _not_yet("install node packages", package=package, editable=editable, upgrade=upgrade, pre=pre)


@app.command()
def uninstall(package: Annotated[str, typer.Argument(help="Name of the package.")]) -> None:
    """Uninstall a node package."""
    raise _not_yet("uninstall node packages", package=package)


@app.command()
def plugins() -> None:
    """List the installed node packages."""
    raise _not_yet("list node packages")


@app.command()
def pipelines() -> None:
    """List the pipelines they bring."""
    raise _not_yet("list pipelines")


def main() -> int:
    """Run ``daydream-scope`` with the arguments of this process and return its exit code."""
    return run_program(app, "daydream-scope")
