"""What a user asks for: a package of an index, a Git repository, an archive, a folder."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, cast, get_args
from urllib.parse import quote

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed
from packaging.utils import canonicalize_name

from psynapse.environments.addresses import Address, is_address, is_archive, parse_address
from psynapse.environments.base import PRODUCT
from psynapse.environments.errors import BadRequirement
from psynapse.model.ids import Json

Source = Literal["pypi", "git", "local"]
"""Where a distribution comes from: an index or an archive's address, a Git repository, this machine."""

_LONGEST: Final = 2_000
_NAMED: Final = re.compile(r"\s*[A-Za-z0-9][\w.-]*\s*(\[[^\]]*\])?\s*@\s*(?P<address>\S+)(?P<rest>.*)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One node package as asked for. ``name`` is empty until it is known, ``commit`` until it is pinned."""

    spec: str
    name: str
    source: Source
    editable: bool = False
    path: str = ""
    url: str = ""
    ref: str = ""
    subdirectory: str = ""
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str = ""
    commit: str = ""

    def line(self, *, pinned: bool = True) -> str:
        """The line that uv gets; a Git repository at its commit, unless ``pinned`` is false."""
        if self.editable:
            return f"-e {_file_url(self.path)}"
        return _written(self, self.commit if pinned and self.commit else self.ref, _file_url(self.path))

    def to_json(self) -> dict[str, Json]:
        """Everything, for a manifest."""
        return {
            "spec": self.spec,
            "name": self.name,
            "source": self.source,
            "editable": self.editable,
            "path": self.path,
            "url": self.url,
            "ref": self.ref,
            "subdirectory": self.subdirectory,
            "extras": list(self.extras),
            "specifier": self.specifier,
            "marker": self.marker,
            "commit": self.commit,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> "Requirement":
        """What ``to_json`` returned. Raises KeyError, TypeError or ValueError when it is something else."""
        extras = data["extras"]
        if not isinstance(extras, list):
            raise TypeError("extras are a list")
        return cls(
            spec=text_of(data, "spec"),
            name=text_of(data, "name"),
            source=source_of(data),
            editable=data["editable"] is True,
            path=text_of(data, "path"),
            url=text_of(data, "url"),
            ref=text_of(data, "ref"),
            subdirectory=text_of(data, "subdirectory"),
            extras=tuple(str(extra) for extra in extras),
            specifier=text_of(data, "specifier"),
            marker=text_of(data, "marker"),
            commit=text_of(data, "commit"),
        )

    @property
    def of_product(self) -> bool:
        """Whether it asks for extras of psynapse, which are asked for one by one and add up."""
        return self.name == PRODUCT and bool(self.extras) and not self.url and not self.path

    @property
    def names(self) -> tuple[str, ...]:
        """What it is listed as: by its name, extras of psynapse each by its own."""
        return tuple(f"{PRODUCT}[{extra}]" for extra in self.extras) if self.of_product else (self.name,)

    @property
    def label(self) -> str:
        """What it is called in a sentence; where it comes from while its name is not known."""
        return ", ".join(filter(None, self.names)) or self.spec

    def with_extras(self, extras: Iterable[str]) -> "Requirement":
        """The same with these extras in place of its own."""
        changed = replace(self, extras=tuple(sorted(set(extras))))
        return replace(changed, spec=changed.line(pinned=False))


def text_of(data: Mapping[str, Json], key: str) -> str:
    """The text that stands there. Raises KeyError or TypeError."""
    value = data[key]
    if not isinstance(value, str):
        raise TypeError(f"{key} is no text")
    return value


def source_of(data: Mapping[str, Json]) -> Source:
    """The source that stands there. Raises KeyError, TypeError or ValueError."""
    value = text_of(data, "source")
    if value not in get_args(Source):
        raise ValueError(f"{value} is no source")
    return cast("Source", value)


def parse_requirement(spec: str, *, editable: bool | None = None) -> Requirement:
    """What ``spec`` asks for. Folders are editable unless told otherwise.

    Raises BadRequirement for what is none, and for what would be more than one: options of uv, further lines.
    """
    text = spec.strip()
    _refuse_smuggling(text)
    if is_address(text):
        asked = _of_address(parse_address(text), editable=editable)
    elif named := _NAMED.fullmatch(text):
        asked = _of_address(parse_address(named["address"]), editable=editable)
        # An address may hold what markers cannot be told from; one that is sure to be read stands in for it.
        parsed = _parsed(text[: named.start("address")] + "https://host/it" + named["rest"])
        asked = replace(asked, name=canonicalize_name(parsed.name), extras=_extras(parsed), marker=_marker(parsed))
    else:
        asked = _of_index(text)
    if editable and not asked.editable:
        raise BadRequirement("Only a folder of this machine can be installed as editable", hint="give its path")
    plain = not asked.name and asked.path == asked.path.strip()
    return replace(asked, spec=_written(asked, asked.ref, asked.path if plain else _file_url(asked.path)))


def _refuse_smuggling(text: str) -> None:
    if not text:
        raise BadRequirement("There is nothing to install", hint="give a name, a Git address or a folder")
    if len(text) > _LONGEST:
        raise BadRequirement(f"A requirement has at most {_LONGEST:,} characters", hint="check what was pasted")
    if text.startswith("-"):
        raise BadRequirement("A requirement does not begin with a dash", hint="options of uv cannot be given here")
    if any(ord(character) < ord(" ") or character in "\x7f\x85\u2028\u2029" for character in text):
        raise BadRequirement("A requirement is one line without control characters", hint="check what was pasted")
    if not text.isprintable():
        raise BadRequirement("A requirement holds characters that cannot be seen", hint="type it by hand")


def _of_index(text: str) -> Requirement:
    parsed = _parsed(text)
    name = canonicalize_name(parsed.name)
    specifier = str(parsed.specifier)
    return Requirement(
        spec=text, name=name, source="pypi", extras=_extras(parsed), specifier=specifier, marker=_marker(parsed)
    )


def _parsed(text: str) -> Parsed:
    try:
        parsed = Parsed(text)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        hint = "a folder is written with ./ or / in front, a repository as https://host/user/repository"
        raise BadRequirement(f"This is no requirement: {reason}", hint=hint) from None
    if "${" in text or "#" in text:
        raise BadRequirement("A requirement holds neither comments nor variables", hint="leave out ${…} and #…")
    return parsed


def _extras(parsed: Parsed) -> tuple[str, ...]:
    return tuple(sorted({canonicalize_name(extra) for extra in parsed.extras}))


def _marker(parsed: Parsed) -> str:
    return str(parsed.marker) if parsed.marker else ""


def _of_address(address: Address, *, editable: bool | None) -> Requirement:
    name = canonicalize_name(_parsed(address.egg).name) if address.egg else ""
    if address.kind == "path":
        live = not is_archive(address.path) and editable is not False
        return Requirement(spec="", name=name, source="local", path=address.path, editable=live)
    source: Source = "git" if address.kind == "git" else "pypi"
    return Requirement(
        spec="", name=name, source=source, url=address.url, ref=address.ref, subdirectory=address.subdirectory
    )


def _file_url(path: str) -> str:
    return Path(path).as_uri() if path else ""


def _written(asked: Requirement, ref: str, file: str) -> str:
    """As one line, with that commit, branch or tag, and a folder or file written that way."""
    extras = f"[{','.join(asked.extras)}]" if asked.extras else ""
    marker = f" ; {asked.marker}" if asked.marker else ""
    if not asked.path and not asked.url:
        return f"{asked.name}{extras}{asked.specifier}{marker}"
    fragment = ("&" if "#" in asked.url else "#") + f"subdirectory={quote(asked.subdirectory)}"
    fragment = fragment if asked.subdirectory else ""
    address = f"git+{asked.url}" if asked.source == "git" else asked.url
    address = file if asked.path else address + (f"@{quote(ref, safe='/+')}" if ref else "") + fragment
    return f"{asked.name}{extras} @ {address}{marker}" if asked.name else address
