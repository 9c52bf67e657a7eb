"""What is at the addresses that were asked for: names, versions and commits, told by as little work as possible."""

import asyncio
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from psynapse.environments.addresses import is_archive
from psynapse.environments.compilation import Compiler, Identity
from psynapse.environments.errors import RequirementNotFound
from psynapse.environments.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Identified:
    """A requirement with its name and commit filled in, and the version that it leads to, as far as that is known."""

    requirement: Requirement
    version: str = ""


async def identify(requirement: Requirement, compiler: Compiler, *, moving: bool, build: bool) -> Identified:
    """What the requirement is called and leads to; a commit it is pinned to stays unless it is ``moving``.

    Raises RequirementNotFound, BuildNeeded and what else the compiler does.
    """
    if requirement.path:
        return await _local(requirement, compiler, build=build)
    if not requirement.url or (requirement.name and requirement.commit and not moving):
        return Identified(requirement)
    found = await compiler.identify(requirement.line(pinned=False), build=build)
    return Identified(replace(requirement, name=found.name, commit=found.commit), found.version)


async def _local(requirement: Requirement, compiler: Compiler, *, build: bool) -> Identified:
    if not await asyncio.to_thread(Path(requirement.path).exists):
        message = f"There is nothing at {requirement.path}"
        raise RequirementNotFound(message, hint="check the path; it may have been moved since it was installed")
    found = read_project(requirement.path)
    if not found.name:
        found = await compiler.identify(replace(requirement, editable=False).line(), build=build)
    return Identified(replace(requirement, name=requirement.name or found.name), found.version)


def read_project(path: str) -> Identity:
    """What a folder's ``pyproject.toml`` says by itself; what it leaves to its build stays empty."""
    nothing = Identity(name="", version="", commit="")
    if is_archive(path):
        return nothing
    try:
        read = tomllib.loads(Path(path, "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return nothing
    project = read.get("project", {})
    match project:
        case {"name": str(name), "version": str(version)}:
            return Identity(name=canonicalize_name(name), version=version, commit="")
        case {"name": str(name)}:
            return Identity(name=canonicalize_name(name), version="", commit="")
        case _:
            return nothing
