"""``psynapse-backend``: the server under the name that existing deployments start it by."""

from pathlib import Path
from typing import Annotated

import typer

from psynapse.cli.app import Host, Port, serve
from psynapse.cli.program import run_program

app = typer.Typer(
    name="psynapse-backend", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
    rich_markup_mode=None,
)  # fmt: skip


@app.callback()
def _start() -> None:
    """The psynapse server."""


@app.command()
def run(
    host: Host = None,
    port: Port = None,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when psynapse's source changes.")] = False,
    nodepack_dir: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with nodepacks.", show_default=False)
    ] = None,
) -> None:
    """Start the server."""
    serve(host, port, nodepack_dir, reload=reload)


def main() -> int:
    """Run ``psynapse-backend`` with the arguments of this process and return its exit code."""
    return run_program(app, "psynapse-backend")
