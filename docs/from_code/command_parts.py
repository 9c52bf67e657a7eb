"""The command line in words, from the commands that Typer builds."""

from collections.abc import Iterator
from typing import Any

from markdown_text import code, prose, table
from typer.main import get_command

from psynapse.cli.app import app


def commands() -> str:
    """Every command of ``psynapse`` with its arguments and options, and what it does."""
    return "\n\n".join(_commands("psynapse", get_command(app)))


# Typer carries Click inside itself since 0.20 and promises no types for it.
def _commands(name: str, command: Any) -> Iterator[str]:
    yield _section(name, command)
    for word, one in getattr(command, "commands", {}).items():
        if not one.hidden:
            yield from _commands(f"{name} {word}", one)


def _section(name: str, command: Any) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    parts = [
        f"## {name}",
        f"```text\n{usage}\n```",
        prose(command.help or ""),
        table(["argument or option", "what it is"], map(_parameter, _shown(command))),
    ]
    return "\n\n".join(part for part in parts if part)


def _shown(command: Any) -> list[Any]:
    return [one for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]


def _parameter(parameter: Any) -> list[str]:
    if parameter.param_type_name == "argument":
        return [code(parameter.metavar or parameter.name.upper()), prose(parameter.help or "")]
    names = ", ".join(map(code, parameter.opts))
    takes = "" if parameter.is_flag else f" {code(parameter.metavar or parameter.type.name.upper())}"
    return [f"{names}{takes}", prose(parameter.help or "")]
