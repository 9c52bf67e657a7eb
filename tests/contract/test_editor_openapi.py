"""The description of the server that the editor is built against is the one it gives now."""

import json
import subprocess
import sys
from pathlib import Path

from psynapse.server.describe import openapi_text

COMMITTED = Path(__file__).resolve().parents[2] / "frontend" / "src" / "wire" / "openapi.json"


def test_the_editors_description_of_the_server_is_up_to_date():
    hint = "run: python -m psynapse.server.describe > frontend/src/wire/openapi.json"
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == json.loads(openapi_text()), hint


def test_the_description_is_printed_the_same_each_time():
    command = [sys.executable, "-m", "psynapse.server.describe"]
    printed = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert printed == openapi_text()


def test_every_reference_in_it_leads_to_a_schema():
    text = openapi_text()
    schemas = json.loads(text)["components"]["schemas"]
    referred = {part.split('"', 1)[0] for part in text.split("#/components/schemas/")[1:]}
    assert referred <= schemas.keys()
    assert {"RunDescription", "Diagnostic", "Schema", "LoadFailure", "Problem", "WorkflowFile"} <= referred
