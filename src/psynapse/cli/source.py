"""Where a workflow comes from: a file, or standard input."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from psynapse.services.workflow_files import parse_document, read_document

_STDIN: Final = Path("-")


def read_source(file: Path) -> Mapping[str, object]:
    """The workflow's JSON; ``-`` is standard input, read to its end. Raises WorkflowFileError when there is none."""
    if file != _STDIN:
        return read_document(file)
    # A process may have been started without one.
    return parse_document(sys.stdin.buffer.read() if sys.stdin else b"", "standard input")
