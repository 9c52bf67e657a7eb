"""Is psynapse itself whole: its Python, its files, the packages it needs."""

import hashlib
import re
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import Distribution, PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Final

from psynapse.catalog.nodepacks import FILES, shipped_root
from psynapse.cli.doctor.finding import Finding, ok, problem, warning
from psynapse.environments.errors import UvMissing
from psynapse.environments.record import recorded_files
from psynapse.environments.uv import find_uv
from psynapse.model.guarded import Raised, outcome
from psynapse.settings import Settings
from psynapse.storage.opening import migrations

_NAME: Final = "psynapse"
_AGAIN: Final = "install psynapse again: python -m pip install --force-reinstall psynapse"
_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^]]*\])?\s*\(?([^;)]*)\)?\s*(;.*)?")
_BOUND: Final = re.compile(r"(~=|==|!=|<=|>=|<|>)\s*([0-9][0-9.]*)")
_MOST_SHOWN: Final = 10


def python_version(_: Settings) -> Finding:
    """Whether this Python is one that psynapse's own metadata allows."""
    running = ".".join(map(str, sys.version_info[:3]))
    here = f"Python {running} at {sys.executable}"
    try:
        wanted = distribution(_NAME).metadata["Requires-Python"] or ""
    except PackageNotFoundError:
        return warning(f"{here}; psynapse is not installed, only found on the path", _AGAIN)
    if not satisfies(running, wanted):
        return problem(f"{here} is not {wanted}, as psynapse needs", "install psynapse into a Python that is")
    return ok(here)


def own_files(_: Settings) -> Finding:
    """Whether the files that were installed are still there and as they were."""
    try:
        installed = distribution(_NAME)
    except PackageNotFoundError:
        return warning("psynapse is not installed, only found on the path: its files are not checked", _AGAIN)
    missing, changed = damaged_files(installed)
    missing += missing_data()
    if missing:
        return problem(f"{len(missing)} files of psynapse are missing", _AGAIN, *missing[:_MOST_SHOWN])
    if changed:
        shown = changed[:_MOST_SHOWN]
        return warning(f"{len(changed)} files of psynapse are not as they were installed", _AGAIN, *shown)
    return ok(f"psynapse {installed.version} in {Path(__file__).parents[2]}")


def damaged_files(installed: Distribution) -> tuple[list[str], list[str]]:
    """The files that the distribution's record names and that are missing, and those whose content is another."""
    missing: list[str] = []
    changed: list[str] = []
    for file, recorded in recorded_files(installed):
        path = Path(str(installed.locate_file(file)))
        if not path.exists():
            # Bytecode is written and removed by others as they like.
            missing += [str(path)] if path.suffix != ".pyc" else []
        elif _is_changed(path, recorded):
            changed.append(str(path))
    return missing, changed


def _is_changed(path: Path, recorded: str) -> bool:
    method, _, expected = recorded.partition("=")
    if method not in hashlib.algorithms_guaranteed:
        return False
    digest = hashlib.new(method, path.read_bytes()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() != expected


def missing_data() -> list[str]:
    """Files that no import notices the lack of. An editable install's record does not name them."""
    missing = [] if migrations() else ["psynapse/storage/migrations/*.sql"]
    packs = shipped_root()
    there = any((pack / name).is_file() for pack in packs.glob("*") for name in FILES)
    return missing if there else [*missing, f"{packs}/*/ops.py"]


def dependencies(_: Settings) -> Finding:
    """Whether what psynapse needs is installed, in a version it can use, and can be imported."""
    try:
        requirements = distribution(_NAME).requires or []
    except PackageNotFoundError:
        return warning("psynapse is not installed, so what it needs is not known", _AGAIN)
    wrong = [complaint for line in requirements for complaint in complaints(line)]
    if wrong:
        return problem(f"{len(wrong)} of the packages that psynapse needs cannot be used", _AGAIN, *wrong)
    return ok(f"all {sum(1 for line in requirements if needed(line))} packages that psynapse needs can be used")


def needed(requirement: str) -> tuple[str, str] | None:
    """Name and version bounds of a requirement, or None for one that only an extra or another system has."""
    found = _REQUIREMENT.fullmatch(requirement.strip())
    return None if found is None or found[3] else (found[1], found[2].strip())


def complaints(requirement: str) -> Iterator[str]:
    """What is wrong with what is installed for a requirement: at most one sentence."""
    wanted = needed(requirement)
    if wanted is None:
        return
    name, bounds = wanted
    try:
        there = version(name)
    except PackageNotFoundError:
        yield f"{name} is not installed"
        return
    if not satisfies(there, bounds):
        yield f"{name} {there} is not {bounds}"
    elif isinstance(found := outcome(import_module, name.replace("-", "_").replace(".", "_")), Raised):
        yield f"{name} {there} cannot be imported: {type(found.error).__name__}: {found.error}"


def satisfies(there: str, bounds: str) -> bool:
    """Whether a version keeps to bounds such as ``>=2.9,<3``, as far as its numbers tell."""
    return all(_keeps(_numbers(there), operator, _numbers(bound)) for operator, bound in _BOUND.findall(bounds))


def _keeps(there: Sequence[int], operator: str, bound: Sequence[int]) -> bool:
    length = max(len(there), len(bound))
    left, right = ([*numbers, *[0] * (length - len(numbers))] for numbers in (there, bound))
    match operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case "~=":
            return left >= right and list(there[: len(bound) - 1]) == list(bound[:-1])
        case _:
            return left >= right


def _numbers(version_text: str) -> list[int]:
    """The numbers a version begins with; what follows them tells pre-releases apart and is left out."""
    release = re.match(r"\d+(?:\.\d+)*", version_text)
    return [int(part) for part in release[0].split(".")] if release else []


def uv(_: Settings) -> Finding:
    """Whether uv is there, which installs node packages."""
    try:
        return ok(f"uv at {find_uv()}")
    except UvMissing as error:
        return warning(f"node packages cannot be installed: {error.message}", error.hint)
