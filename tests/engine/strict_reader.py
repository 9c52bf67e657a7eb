"""Encoded values as a strict reader of JSON sees them."""

import json
from typing import Any, NoReturn

from psynapse.engine.encoding import to_json
from psynapse.model.json_text import dumps


def refuse(name: str) -> NoReturn:
    raise ValueError(f"not JSON: {name}")


def wire(value: object) -> Any:
    """What a strict reader gets."""
    return json.loads(dumps(to_json(value)).decode("utf-8"), parse_constant=refuse)
