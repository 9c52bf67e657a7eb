"""``daydream-scope``: psynapse under the name that node packages' documentation uses."""

from typing import Annotated

import typer

from psynapse.cli.app import serve
from psynapse.cli.nodes import AsJson
from psynapse.cli.program import finish, run_program

app = typer.Typer(name="daydream-scope", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", show_default=False)] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", "-N", help="Do not open the editor.")] = False,
    reload: Annotated[bool, typer.Option("--reload", help="Start again when psynapse's source changes.")] = False,
) -> None:
    """Start the server, or manage node packages."""
    if context.invoked_subcommand is None:
        # It never did open one.
        del no_browser
        serve(host, port, reload=reload)


@app.command()
def install(
    package: Annotated[str, typer.Argument(help="Index name, Git URL or local path.")],
    editable: Annotated[bool, typer.Option("--editable", "-e", help="Install a local package in place.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest version.")] = False,
    pre: Annotated[bool, typer.Option("--pre", help="Allow pre-releases.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Taken, and changes nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Install a node package."""
    from psynapse.cli.node_verbs import install_node  # noqa: PLC0415 -- loads the server's parts

    # What conflicts would break the others: it cannot be forced.
    del force
    finish(lambda: install_node(package, editable or None, upgrade=upgrade, pre=pre, as_json=as_json))


@app.command()
def uninstall(package: Annotated[str, typer.Argument(help="Name of the package.")], as_json: AsJson = False) -> None:
    """Uninstall a node package."""
    from psynapse.cli.node_verbs import uninstall_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: uninstall_node(package, as_json=as_json))


@app.command()
def plugins(as_json: AsJson = False) -> None:
    """List the installed node packages."""
    from psynapse.cli.node_verbs import show_nodes  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: show_nodes(refresh=False, as_json=as_json))


@app.command()
def pipelines(as_json: AsJson = False) -> None:
    """List the pipelines they bring."""
    from psynapse.cli.node_verbs import show_pipelines  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: show_pipelines(as_json=as_json))


def main() -> int:
    """Run ``daydream-scope`` with the arguments of this process and return its exit code."""
    return run_program(app, "daydream-scope")
