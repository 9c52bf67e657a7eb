"""The beginning of ``psynapse``, light enough that asking for the version costs nothing."""

import sys

from psynapse import __version__


def main() -> int:
    """Run ``psynapse`` with the arguments of this process and return its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Scripts and editors ask for it all the time; Typer takes longer to start than Python itself.
        sys.stdout.write(f"psynapse {__version__}\n")
        return 0
    from psynapse.cli.ahead import begin  # noqa: PLC0415 -- same

    begin(sys.argv[1:])
    from psynapse.cli.app import app  # noqa: PLC0415 -- same
    from psynapse.cli.program import run_program  # noqa: PLC0415 -- same

    return run_program(app, "psynapse")
