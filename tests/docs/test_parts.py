"""Parts of reference pages say all that the code knows: routes, commands, settings, errors and events."""

import dataclasses
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator

import error_parts
import pytest
import setting_parts
from command_parts import commands
from event_parts import events
from http_parts import routes, shapes

import psynapse
import psynapse_backend
from psynapse.errors import PsynapseError
from psynapse.model.diagnostics import RULES
from psynapse.model.event_json import EVENT_TYPES
from psynapse.server.describe import openapi_text
from psynapse.settings import Settings

OPENAPI = json.loads(openapi_text())
METHODS = {"get", "put", "post", "patch", "delete"}


def test_every_route_is_there_with_its_parameters():
    text = routes()
    for path, operations in OPENAPI["paths"].items():
        for method in METHODS & operations.keys():
            about = text.split(f"### `{method.upper()} {path}`\n")[1].split("\n### ")[0]
            named = [one["name"] for one in operations[method].get("parameters", [])]
            assert all(f"| `{name}`" in about for name in named), f"{method} {path}"


def test_every_link_to_an_object_leads_to_one():
    text = routes() + shapes()
    linked = set(re.findall(r"\]\(#(\w+)\)", text))
    assert linked
    assert linked <= set(re.findall(r"\{#(\w+)\}", text))


def test_an_object_lists_its_fields():
    about = shapes().split("### Health {#Health}")[1].split("\n### ")[0]
    assert all(f"| `{name}` | string |" in about for name in ("version", "boot_id", "started_at"))


def test_every_command_is_there_with_its_options():
    text = commands()
    for name in ("serve", "run", "check", "catalog", "doctor", "desktop", "nodes install", "nodes rollback"):
        assert f"## psynapse {name}\n" in text
    run = text.split("## psynapse run\n")[1].split("\n## ")[0]
    assert all(f"`{option}`" in run for option in ("--set", "--target", "--env", "--json", "--in-process", "FILE"))


def test_every_setting_is_there_with_its_default():
    rows = setting_parts.settings().splitlines()[2:]
    assert len(rows) == len(dataclasses.fields(Settings))
    assert any(row.startswith("| `PSYNAPSE_PORT` | `--port` | `8000` |") for row in rows)
    assert any(row.startswith("| `PSYNAPSE_RUN_LOG_MB` |  | 2,048 MB |") for row in rows)
    assert any(row.startswith("| `PSYNAPSE_RUN_LOG_DAYS` |  | `30` |") for row in rows)
    assert any(row.startswith("| `PSYNAPSE_DATA_DIR` | `--data-dir` | `~/.psynapse` |") for row in rows)
    variables = [row.split(" | ")[0] for row in rows]
    assert len(variables) == len(set(variables))


def test_a_setting_that_nothing_is_said_about_is_an_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Settings, "__doc__", "Everything.\n\n``host``: where it listens.\n")
    with pytest.raises(setting_parts.Undocumented, match="nodepacks_dir"):
        setting_parts.settings()


def every_error(base: type[PsynapseError] = PsynapseError) -> Iterator[type[PsynapseError]]:
    yield base
    for one in base.__subclasses__():
        yield from every_error(one)


def test_every_error_of_every_module_is_there_with_its_code():
    for package in (psynapse, psynapse_backend):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|\.compat|\.nodepacks|\.desktop", module.name):
                importlib.import_module(module.name)
    ours = [one for one in every_error() if one.__module__.startswith("psynapse.")]
    assert len(ours) > 40
    text = error_parts.errors()
    assert [one.__name__ for one in ours if one.__name__ not in error_parts.error_kinds()] == []
    assert [one.code for one in ours if f"| `{one.code}` |" not in text] == []


def test_hints_come_from_where_the_errors_are_raised():
    assert "run the workflow again" in error_parts.error_kinds()["ExpiredValue"].hints
    assert "run the workflow again" in error_parts.errors()


def test_every_finding_is_there():
    rows = error_parts.findings().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(RULES)


def test_every_event_is_there_with_its_fields():
    rows = events().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(EVENT_TYPES.values())
    for row, body in zip(rows, EVENT_TYPES, strict=True):
        assert all(f"`{one.name}` (" in row for one in dataclasses.fields(body))
    assert '`status` (`"succeeded"` or `"failed"` or `"cancelled"`)' in events()
