"""The command line: ``psynapse``, and the two programs under the names that existing documents use."""

from psynapse.cli.start import main

__all__ = ["main"]
