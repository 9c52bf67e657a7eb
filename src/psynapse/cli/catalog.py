"""``psynapse catalog``: the nodes of all nodepacks, and what failed to load."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.text import Text

from psynapse.cli.program import SUCCESS
from psynapse.cli.report import hint_line, labelled
from psynapse.cli.streams import one_line, shown_text, stdout_for_data
from psynapse.engine.encoding import to_json
from psynapse.model.catalog import Catalog, LoadFailure
from psynapse.model.json_text import dumps
from psynapse.model.schema import MISSING, NodeSchema, Param
from psynapse.services.whole_catalog import whole_catalog
from psynapse.settings import read_settings

_PREFIXES = {"spread": "*", "spread_mapping": "**"}


def show_catalog(name: str, nodepacks_dir: Path | None, *, as_json: bool, verbose: bool) -> int:
    """Write the catalog to stdout and return the exit code. ``name`` selects nodes whose ref contains it."""
    with stdout_for_data() as data:
        catalog = whole_catalog(read_settings(nodepacks_dir=nodepacks_dir))
        schemas = _matching(catalog, name)
        if as_json:
            failures = [failure.to_json() for failure in catalog.failures]
            fields = to_json({"schemas": [schema.to_json() for schema in schemas], "failures": failures})
            data.write(dumps(fields).decode() + "\n")
        else:
            console = Console(file=data, highlight=False, soft_wrap=True)
            _show(schemas, name, console)
            if not (name and schemas):
                _show_failures(catalog.failures, console, verbose=verbose)
    return SUCCESS


def _matching(catalog: Catalog, name: str) -> Sequence[NodeSchema]:
    """The nodes of exactly that name, else those whose ref contains it."""
    exact = [schema for schema in catalog.schemas if name in {schema.name, schema.ref}]
    return exact or [schema for schema in catalog.schemas if name.lower() in schema.ref.lower()]


def _show(schemas: Sequence[NodeSchema], name: str, console: Console) -> None:
    if name and len(schemas) == 1:
        for line in _in_full(schemas[0], console):
            console.print(line)
        return
    ordered = sorted(schemas, key=lambda schema: schema.nodepack)
    for nodepack, group in groupby(ordered, key=lambda schema: schema.nodepack):
        first, *others = group
        console.print(
            Text.assemble((nodepack, "bold"), ("" if first.origin == "user" else f" ({first.origin})", "dim"))
        )
        for schema in (first, *others):
            console.print(_signature(schema, console))
            if schema.docstring.strip():
                console.print(Text(f"    {one_line(schema.docstring.strip().splitlines()[0])}", style="dim"))
    packs = len({schema.nodepack for schema in schemas})
    what = (
        f"no node has {name!r} in its name"
        if name and not schemas
        else f"{_count(len(schemas), 'node')} in {_count(packs, 'nodepack')}"
    )
    console.print(Text(what, style="bold"))


def _signature(schema: NodeSchema, console: Console) -> Text:
    """On one line; on a terminal with a line for each parameter where that is too long."""
    params = [_param_text(param) for param in schema.params]
    line = _signature_line(schema, ", ".join(params))
    if console.is_terminal and len(line) > console.width and params:
        return _signature_line(schema, "".join(f"\n      {param}," for param in params) + "\n  ")
    return line


def _signature_line(schema: NodeSchema, params: str) -> Text:
    line = Text.assemble("  ", (schema.name, "bold cyan"), f"({params})", (f" -> {_returns_text(schema)}", "dim"))
    badges = [
        badge for badge, there in ((schema.style, schema.style != "function"), ("async", schema.is_async)) if there
    ]
    for badge in badges:
        line.append(f"  [{badge}]", style="magenta")
    return line


def _param_text(param: Param) -> str:
    text = f"{_PREFIXES.get(param.passing, '')}{param.name}: {param.type}"
    default = _default_text(param)
    return f"{text} = {default}" if default else text


def _default_text(param: Param) -> str:
    if param.default_repr:
        return one_line(param.default_repr)
    return "" if param.default is MISSING else one_line(repr(param.default))


def _returns_text(schema: NodeSchema) -> str:
    if [item.name for item in schema.returns] == ["result"]:
        return str(schema.returns[0].type)
    return "{" + ", ".join(f"{item.name}: {item.type}" for item in schema.returns) + "}"


def _in_full(schema: NodeSchema, console: Console) -> Iterator[Text]:
    yield _signature(schema, console)
    if schema.docstring.strip():
        yield Text()
        yield from (Text.assemble("  ", shown_text(line)) for line in schema.docstring.strip().splitlines())
    yield Text()
    for param in schema.params:
        yield _param_line(param)
    for item in schema.returns:
        yield _field(f"-> {item.name}", str(item.type))
    yield Text()
    yield _field("ref", schema.ref)
    yield _field("file", f"{schema.filepath}:{schema.line}")


def _param_line(param: Param) -> Text:
    line = _field(param.name, str(param.type))
    if default := _default_text(param):
        line.append(f"  default {default}", style="dim")
    elif param.required:
        line.append("  required", style="yellow")
    if param.literal_values:
        line.append(f"  one of {', '.join(map(repr, param.literal_values))}", style="dim")
    return line


def _field(name: str, text: str) -> Text:
    return Text.assemble(("  " + name.ljust(12), "cyan"), " ", one_line(text))


def _show_failures(failures: Sequence[LoadFailure], console: Console, *, verbose: bool) -> None:
    broken = [failure for failure in failures if failure.extra is None]
    for failure in broken:
        where = f"{failure.filepath}: {failure.name}" if failure.name else failure.filepath
        console.print(labelled("failed to load", where, "bold red"))
        text = failure.traceback.strip() if verbose else ""
        text = text or one_line(f"{failure.error_type}: {failure.message}")
        console.print(Text("\n").join(Text.assemble("  ", line) for line in shown_text(text).split("\n")))
        if failure.hint:
            console.print(hint_line(failure.hint, "  "))
    if broken:
        more = "" if verbose else "; --verbose shows whole tracebacks"
        console.print(Text(f"{_count(len(broken), 'failure')}{more}", style="bold red"))
    _show_offers(failures, console)


def _show_offers(failures: Sequence[LoadFailure], console: Console) -> None:
    """A pack of which only an extra is missing is not broken: one line says how to have it."""
    offers = {(failure.nodepack, failure.hint): None for failure in failures if failure.extra}
    for nodepack, hint in offers:
        console.print(labelled("not installed", f"{nodepack}; {hint}", "bold cyan"))


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
