"""The environment psynapse is installed in, which generations are layered on and which is never changed."""

import hashlib
import json
import site
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from psynapse.environments.errors import EnvironmentsError

# What a worker imports of others before it imports any node.
_WORKER: Final = frozenset({"orjson", "packaging", "pluggy", "pydantic", "typing-extensions"})
# What node packages import without saying so, or must not bring in a second time: it comes with compiled code that
# other compiled code was built against.
_HOST: Final = frozenset(
    {
        "av",
        "numpy",
        "opencv-contrib-python",
        "opencv-contrib-python-headless",
        "opencv-python",
        "opencv-python-headless",
        "pillow",
        "torch",
        "torchaudio",
        "torchvision",
        "triton",
    }
)
PRODUCT: Final = "psynapse"
_ASK_SITE: Final = (
    "import json, site, sys; "
    "user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []; "
    "print(json.dumps([sys.version_info[:2], site.getsitepackages() + user]))"
)


class BaseUnreadable(EnvironmentsError):
    """A Python does not say what is installed for it."""

    code = "base-unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One installed distribution; ``direct_url`` is its PEP 610 record, when it has one."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    location: Path
    direct_url: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What is installed where psynapse runs. ``version`` is Python's, as "3.11"; distributions are keyed by name."""

    python: str
    version: str
    site_dirs: tuple[Path, ...]
    distributions: Mapping[str, Distribution]

    def fingerprint(self) -> str:
        """A digest of Python and of every distribution: its name, version and where it is from."""
        return self.closure_fingerprint(self.distributions)

    def closure_fingerprint(self, names: Iterable[str]) -> str:
        """The same of these distributions alone; one that is not there counts as well."""
        held = {name: self.distributions.get(name) for name in sorted(set(names))}
        described = {name: one and [one.version, one.direct_url] for name, one in held.items()}
        text = json.dumps([self.python, self.version, described], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def closure(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the names that are installed, and everything installed that these require."""
        found: set[str] = set()
        waiting = [name for name in names if name in self.distributions]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                required = (canonicalize_name(one.name) for one in self.requires(name))
                waiting += [one for one in required if one in self.distributions]
        return frozenset(found)

    def worker_names(self) -> frozenset[str]:
        """What a worker runs on, and psynapse itself."""
        return self.closure(_WORKER) | ({PRODUCT} & self.distributions.keys())

    def pins(self) -> Mapping[str, str]:
        """Name and version of what no generation may replace: what a worker runs on, what node packages assume."""
        pinned = self.worker_names() | (_HOST & self.distributions.keys())
        return {name: self.distributions[name].version for name in sorted(pinned)}

    def preferences(self) -> Mapping[str, str]:
        """Name and version of everything else: a generation may hold another version, for its workers alone."""
        pins = self.pins()
        return {name: one.version for name, one in sorted(self.distributions.items()) if name not in pins}

    def requires(self, name: str, extra: str = "") -> Iterator[Requirement]:
        """What a distribution requires on this Python, by itself or with one of its extras."""
        environment = {"python_version": self.version, "extra": extra}
        for required in filter(None, map(parse_requirement_line, self.distributions[name].requires)):
            if required.marker is None or required.marker.evaluate(environment):
                yield required


# A change asks for the same ones again and again, and reading one takes as long as comparing a hundred.
@lru_cache(maxsize=4096)
def parse_requirement_line(line: str) -> Requirement | None:
    """A line of a distribution's metadata; None for one that nobody can read."""
    try:
        return Requirement(line)
    except InvalidRequirement:
        return None


def parse_version(text: str) -> Version | None:
    """The version, or None for one that no resolution knows: distributions of long ago called them as they liked."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def read_base(python: str = "") -> Base:
    """The base of the interpreter that runs this, or of another one, importing nothing of it.

    Raises BaseUnreadable.
    """
    if python:
        version, folders = _ask(python)
    else:
        user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
        python, version, folders = sys.executable, sys.version_info[:2], site.getsitepackages() + user
    site_dirs = tuple(path for path in map(Path, dict.fromkeys(folders)) if path.is_dir())
    return Base(
        python=python,
        version=".".join(map(str, version)),
        site_dirs=site_dirs,
        distributions=dict(_distributions(site_dirs)),
    )


def _ask(python: str) -> tuple[tuple[int, int], list[str]]:
    try:
        ran = subprocess.run([python, "-I", "-c", _ASK_SITE], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603
        (major, minor), folders = json.loads(ran.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise BaseUnreadable(f"{python} does not say what is installed for it: {error}") from error
    return (major, minor), folders


def installed_in(folder: Path) -> Mapping[str, Distribution]:
    """What is installed in one folder, by name."""
    return dict(_distributions([folder]))


def _distributions(site_dirs: Iterable[Path]) -> Iterator[tuple[NormalizedName, Distribution]]:
    """What is installed; of two with one name the first on the path, which is the one that is imported."""
    seen: set[NormalizedName] = set()
    for folder in site_dirs:
        for one in metadata.distributions(path=[str(folder)]):
            fields = _fields(one.read_text("METADATA") or one.read_text("PKG-INFO") or "")
            name, version = "".join(fields["Name"][:1]), "".join(fields["Version"][:1])
            # A folder that an interrupted uninstall left behind has no metadata, and so no name.
            if name and version and (key := canonicalize_name(name)) not in seen:
                seen.add(key)
                yield key, _distribution(key, version, fields["Requires-Dist"], one, folder)


def _fields(text: str) -> Mapping[str, list[str]]:
    """The fields at the head of a METADATA file that matter here. The parser for mail takes ten times as long."""
    found: dict[str, list[str]] = {"Name": [], "Version": [], "Requires-Dist": []}
    for line in text.split("\n\n", 1)[0].splitlines():
        field, _, value = line.partition(":")
        if field in found:
            found[field].append(value.strip())
    return found


def _distribution(
    name: str, version: str, requires: list[str], one: metadata.Distribution, folder: Path
) -> Distribution:
    try:
        direct_url = json.loads(one.read_text("direct_url.json") or "null")
    except ValueError:
        direct_url = None
    return Distribution(
        name=name,
        version=version,
        requires=tuple(requires),
        location=folder,
        direct_url=direct_url if isinstance(direct_url, dict) else None,
    )
