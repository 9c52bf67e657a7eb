"""Prints the OpenAPI document of the server, always in the same order: ``python -m psynapse.server.describe``."""

import json
import sys

from psynapse.server.app import described_app
from psynapse.server.state import ServerState
from psynapse.settings import read_settings


def openapi_text() -> str:
    """The document as the editor's types are made from it."""
    document = described_app(ServerState(read_settings(environ={}))).openapi()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
