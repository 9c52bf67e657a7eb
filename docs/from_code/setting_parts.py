"""The settings in words: the docstring of ``Settings`` says what each is, the code what it is by default."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from markdown_text import code, prose, table

from psynapse.settings import Setting, Settings, read_settings

_MEANING: Final = re.compile(r"^((?:``\w+``(?: and )?)+): ", re.MULTILINE)
_VARIABLE: Final = re.compile(r"``([A-Z][A-Z_]+)``")
_OPTIONS: Final = {"nodepacks_dir": "--nodepacks-dir", "data_dir": "--data-dir", "host": "--host", "port": "--port"}
_NAMED_ALONE: Final = re.compile(r" \((?:``[A-Z_]+``(?:, )?)+\)")
_MEGABYTE: Final = 1 << 20


class Undocumented(Exception):
    """A setting that the docstring of ``Settings`` does not say anything about."""


def settings() -> str:
    """A row for every setting: the variable and the option that set it, its default, and what it is."""
    meanings, defaults = _meanings(), read_settings(environ={})
    return table(
        ["variable", "option", "default", "what it is"],
        (_row(one.name, meanings, defaults) for one in fields(Settings)),
    )


def _row(name: str, meanings: Mapping[str, str], defaults: Settings) -> list[str]:
    if name not in meanings:
        raise Undocumented(name)
    variables = ", ".join(code(_own(name, found)) for found in [_VARIABLE.findall(meanings[name])] if found)
    return [
        variables,
        code(_OPTIONS.get(name, "")),
        _default(name, getattr(defaults, name)),
        prose(_NAMED_ALONE.sub("", meanings[name])),
    ]


def _own(name: str, variables: list[str]) -> str:
    """Settings that share an explanation name their variables in the same order as themselves."""
    alike = [one for one in variables if name.split("_", maxsplit=1)[0].upper() in one]
    exact = [one for one in alike if one.endswith(name.upper().replace("_BYTES", "_MB"))]
    return (exact or alike or variables)[0]


def _meanings() -> dict[str, str]:
    return dict(_explained())


def _explained() -> Iterator[tuple[str, str]]:
    text = inspect.cleandoc(Settings.__doc__ or "")
    pieces = _MEANING.split(text)[1:]
    for names, meaning in zip(pieces[::2], pieces[1::2], strict=True):
        for name in re.findall(r"\w+", names.replace(" and ", " ")):
            yield name, " ".join(meaning.split())


def _default(name: str, setting: Setting[object]) -> str:
    match setting.value:
        case Path() as path:
            return code(_shown(path))
        case frozenset() | "" | None:
            return "none"
        case int() as number if name.endswith("_bytes"):
            return f"{number // _MEGABYTE:,} MB" if number else "any"
        case bool() as on:
            return "on" if on else "off"
        case other:
            return code(str(other))


def _shown(path: Path) -> str:
    """As one would write it, whoever builds this page and wherever."""
    for folder, sign in ((Path.cwd(), "."), (Path.home(), "~")):
        if path.is_relative_to(folder):
            return f"{sign}/{path.relative_to(folder).as_posix()}"
    return str(path)
