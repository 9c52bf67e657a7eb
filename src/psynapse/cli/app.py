"""The verbs of ``psynapse`` and their options. What they do is imported when one is called: help must be instant."""

from pathlib import Path
from typing import Annotated

import typer

from psynapse import __version__
from psynapse.cli.nodes import app as nodes_app
from psynapse.cli.program import finish

_EPILOG = "Exit codes: 0 success, 1 a node failed, 2 wrong usage or an unusable file, 130 cancelled (Ctrl-C)"

app = typer.Typer(
    name="psynapse",
    help="Run workflows of typed Python functions. Without a command: start the server and open the editor.",
    epilog=_EPILOG,
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(nodes_app)

WorkflowFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The workflow: a JSON file; - reads stdin.", show_default=False)
]
NodepacksDir = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder with nodepacks, beside the shipped ones. Default: NODEPACKS_DIR, else ./nodepacks.",
        show_default=False,
    ),
]
Host = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Address to listen on. Default: 127.0.0.1.", show_default=False),
]
Port = Annotated[
    int | None,
    typer.Option(metavar="PORT", help="Port to listen on; 0 takes a free one. Default: 8000.", show_default=False),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder for what outlives the server. Default: PSYNAPSE_DATA_DIR, else ~/.psynapse.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON object to stdout.")]


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    if version:
        typer.echo(f"psynapse {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        serve(open_editor=True)


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    nodepacks_dir: NodepacksDir = None,
    data_dir: DataDir = None,
    reload: Annotated[
        bool,
        typer.Option("--reload", help="Start again when psynapse's own source changes; nodepacks need no restart."),
    ] = False,
    open_editor: Annotated[bool, typer.Option("--open", help="Open the editor in the browser.")] = False,
    lifeline: Annotated[
        bool, typer.Option("--lifeline", help="Stop when standard input ends, as it does when a supervisor dies.")
    ] = False,
) -> None:
    """Start the server.

    Where one already runs on the same data directory, say where; with --port, serve the same there as well.

    On an address that other machines can reach it asks for a token: PSYNAPSE_TOKEN, else one it makes and prints.
    """
    if lifeline:
        from psynapse.server.lifeline import hold_lifeline  # noqa: PLC0415 -- most starts need none

        hold_lifeline()
    from psynapse.cli import ahead  # noqa: PLC0415 -- most commands need none
    from psynapse.server.tuning import leave_rubbish  # noqa: PLC0415 -- loads sockets
    from psynapse.worker.launcher import Launcher  # noqa: PLC0415 -- loads asyncio

    launcher = ahead.begun() or Launcher()
    if not reload:
        leave_rubbish()
        # It gets ready while this process loads the server.
        launcher.prepare()
    from psynapse.cli.early import ServeRequest, expect_worker  # noqa: PLC0415 -- loads node packages' state

    request = ServeRequest(
        host=host,
        port=port,
        nodepacks_dir=nodepacks_dir,
        data_dir=data_dir,
        reload=reload,
        open_editor=open_editor,
    )
    if not reload:
        expect_worker(request.settings, launcher)
    from psynapse.cli.serve import serve as start  # noqa: PLC0415 -- loads the server

    finish(lambda: start(request, launcher))


@app.command(epilog=_EPILOG)
def run(  # noqa: PLR0917 -- Typer declares options this way
    file: WorkflowFile,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            "-s",
            metavar="NODE.PARAM=VALUE",
            help="Set a value: JSON if it parses, else text. A variable's is NODE.value. Repeatable.",
        ),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", "-t", metavar="NODE", help="Run only this node and what it needs. Repeatable."),
    ] = None,
    env: Annotated[
        list[str] | None,
        typer.Option("--env", "-e", metavar="KEY=VALUE", help="Environment variable for the run. Repeatable."),
    ] = None,
    nodepacks_dir: NodepacksDir = None,
    as_json: AsJson = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show only results and errors.")] = False,
    in_process: Annotated[
        bool,
        typer.Option("--in-process", help="Run the nodes in this very process, for pdb; one that crashes ends it."),
    ] = False,
) -> None:
    """Run a workflow and show the value of every view.

    Values go to stdout, everything else to stderr. Nodes run in a process of their own, so that none of them can
    take this one down.
    """
    from psynapse.cli import ahead  # noqa: PLC0415 -- most commands need none

    launcher = ahead.begun()
    if launcher and not env:
        from psynapse.cli.early import expect_worker  # noqa: PLC0415 -- loads node packages' state
        from psynapse.settings import read_settings  # noqa: PLC0415 -- same

        # It imports the nodepacks while this process loads the rest. Variables of the run it would not have.
        expect_worker(lambda: read_settings(nodepacks_dir=nodepacks_dir), launcher)
    from psynapse.cli.run import RunRequest, run_workflow  # noqa: PLC0415 -- loads the engine

    request = RunRequest(
        file=file,
        values=values or (),
        targets=targets or (),
        env=env or (),
        nodepacks_dir=nodepacks_dir,
        as_json=as_json,
        quiet=quiet,
        in_process=in_process,
    )
    finish(lambda: run_workflow(request, launcher))


@app.command(epilog="Exit codes: 0 no errors (warnings are fine), 1 errors, 2 wrong usage or an unusable file")
def check(file: WorkflowFile, nodepacks_dir: NodepacksDir = None, as_json: AsJson = False) -> None:
    """Show all that is wrong with a workflow, without running it."""
    from psynapse.cli.check import check_workflow  # noqa: PLC0415 -- loads the catalog

    finish(lambda: check_workflow(file, nodepacks_dir, as_json=as_json))


@app.command(epilog="Exit codes: 0 also when nodepacks failed to load: they are listed, 2 wrong usage")
def catalog(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Part of a name; the only match is shown in full.", show_default=False),
    ] = None,
    nodepacks_dir: NodepacksDir = None,
    as_json: AsJson = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show whole tracebacks of failures.")] = False,
) -> None:
    """List the nodes of all nodepacks, and what failed to load."""
    from psynapse.cli.catalog import show_catalog  # noqa: PLC0415 -- loads the catalog

    finish(lambda: show_catalog(name or "", nodepacks_dir, as_json=as_json, verbose=verbose))


@app.command(epilog="Exit codes: 0 no problems (warnings are fine), 1 problems, 2 wrong usage")
def doctor(
    host: Host = None,
    port: Port = None,
    nodepacks_dir: NodepacksDir = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Find out what is wrong with this installation, and how to mend it."""
    from psynapse.cli.doctor.program import DoctorRequest, examine  # noqa: PLC0415 -- loads the server's parts

    request = DoctorRequest(host=host, port=port, nodepacks_dir=nodepacks_dir, data_dir=data_dir, as_json=as_json)
    finish(lambda: examine(request))


@app.command(
    epilog="Exit codes: 0 the window was closed, or the link went to the one that is open, 2 it cannot be shown"
)
def desktop(
    link: Annotated[
        str | None,
        typer.Argument(metavar="[LINK]", help="A daydream-scope:// link to open.", show_default=False),
    ] = None,
    register: Annotated[
        bool, typer.Option("--register", help="Make the app and its links known to the system, and end.")
    ] = False,
    unregister: Annotated[
        bool, typer.Option("--unregister", help="Make the system forget both, also at later starts, and end.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Show the editor in a window of its own, with a server that is kept running.

    One window for each data directory: a second start brings the first to the front.
    """
    from psynapse.cli.desktop import DesktopCommand  # noqa: PLC0415 -- loads the server's parts
    from psynapse.cli.desktop import desktop as start  # noqa: PLC0415 -- same

    command = DesktopCommand(link=link or "", data_dir=data_dir, register=register, unregister=unregister)
    finish(lambda: start(command))
