"""``psynapse nodes``: node packages from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from psynapse.cli.program import finish

app = typer.Typer(
    name="nodes",
    help="Install, update and remove node packages. Nothing that goes wrong changes what is installed.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 success, 1 refused: nothing has changed, 2 wrong usage, 130 cancelled (Ctrl-C)",
)
Package = Annotated[
    str, typer.Argument(metavar="PACKAGE", help="An index name such as scope-hello==1.0, a Git address, or a path.")
]
Installed = Annotated[str, typer.Argument(metavar="NAME", help="The name of an installed package.")]
Editable = Annotated[
    bool | None,
    typer.Option("--editable/--copy", "-e", help="In place, or as it is now. Default: folders in place."),
]
Pre = Annotated[bool, typer.Option("--pre", help="Allow versions before a release.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]


@app.command("list")
def list_nodes(
    refresh: Annotated[bool, typer.Option("--refresh", help="Look for updates first.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the node packages, and what could not be loaded."""
    from psynapse.cli.node_verbs import show_nodes  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: show_nodes(refresh=refresh, as_json=as_json))


@app.command()
def install(
    package: Package,
    editable: Editable = None,
    upgrade: Annotated[bool, typer.Option("--upgrade", "-U", help="Take the newest version.")] = False,
    pre: Pre = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Install a node package, or another version of it."""
    from psynapse.cli.node_verbs import install_node, preview_node  # noqa: PLC0415 -- loads the server's parts

    act = preview_node if dry_run else install_node
    finish(lambda: act(package, editable, upgrade=upgrade, pre=pre, as_json=as_json))


@app.command()
def preview(
    package: Package,
    editable: Editable = None,
    upgrade: Annotated[bool, typer.Option("--upgrade", "-U", help="Take the newest version.")] = False,
    pre: Pre = False,
    as_json: AsJson = False,
) -> None:
    """Show what an installation would add, change and remove. Runs no code of any package."""
    from psynapse.cli.node_verbs import preview_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: preview_node(package, editable, upgrade=upgrade, pre=pre, as_json=as_json))


@app.command()
def update(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this package.", show_default=False)] = None,
    pre: Pre = False,
    as_json: AsJson = False,
) -> None:
    """Update a node package, or all that have an update. Only those move, and what they need for it."""
    from psynapse.cli.node_verbs import update_nodes  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: update_nodes(name or "", pre=pre, as_json=as_json))


@app.command()
def uninstall(name: Installed, as_json: AsJson = False) -> None:
    """Remove a node package and what only it needed."""
    from psynapse.cli.node_verbs import uninstall_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: uninstall_node(name, as_json=as_json))


@app.command()
def reload(name: Installed, as_json: AsJson = False) -> None:
    """Use the edited code of a package that was installed in place."""
    from psynapse.cli.node_verbs import reload_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: reload_node(name, as_json=as_json))


@app.command()
def disable(name: Installed, as_json: AsJson = False) -> None:
    """Switch a node package off: it stays installed, and nothing imports it until it is enabled."""
    from psynapse.cli.node_verbs import switch_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: switch_node(name, on=False, as_json=as_json))


@app.command()
def enable(name: Installed, as_json: AsJson = False) -> None:
    """Switch a node package on again."""
    from psynapse.cli.node_verbs import switch_node  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: switch_node(name, on=True, as_json=as_json))


@app.command()
def rollback(
    to: Annotated[
        int | None, typer.Option("--to", metavar="GENERATION", help="One of the history. Default: the one before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Go back to what was installed before the last change. Needs no network."""
    from psynapse.cli.node_verbs import roll_back  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: roll_back(to, as_json=as_json))


@app.command()
def history(as_json: AsJson = False) -> None:
    """Show the generations that one can go back to, and what each has changed."""
    from psynapse.cli.node_verbs import show_history  # noqa: PLC0415 -- loads the server's parts

    finish(lambda: show_history(as_json=as_json))


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as scope-sparkle.")],
    folder: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="Where its folder is made. Default: here.", show_default=False)
    ] = Path(),
) -> None:
    """Write a node package to begin with, which installs and passes its own tests."""
    from psynapse.services.new_package import write_package  # noqa: PLC0415 -- not for help

    def write() -> int:
        for path in write_package(name, folder):
            typer.echo(path.relative_to(folder))
        root = folder / name
        typer.echo(f"install it: psynapse nodes install {root if root.is_absolute() else f'./{root}'}")
        return 0

    finish(write)
