"""One run of ``uv pip compile``: the files it is given, and what it wrote read back."""

import re
import tempfile
import tomllib
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from packaging.utils import canonicalize_name

from psynapse.environments.base import Base, Distribution, installed_in
from psynapse.environments.conflict import Surroundings
from psynapse.environments.errors import NetworkUnreachable, UvFailed
from psynapse.environments.explanation import explain
from psynapse.environments.running import Listener, ignore_line
from psynapse.environments.stubs import PART, make_stubs, stub_name, write_stub
from psynapse.environments.uv import Uv

_LINE: Final = re.compile(r"(?P<name>[\w.-]+)(?:==(?P<version>\S+)| @ (?P<url>\S+))(?:\s+# via (?P<via>.*))?")
_COMMIT: Final = re.compile(r"@(?P<commit>[0-9a-f]{40})(?=#|$)")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A distribution uv chose: a version, or an address; and who needs it."""

    name: str
    version: str = ""
    url: str = ""
    needed_by: tuple[str, ...] = ()

    @property
    def commit(self) -> str:
        """The Git commit of its address, or ""."""
        found = _COMMIT.search(self.url) if self.url.startswith("git+") else None
        return found["commit"] if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What is at an address; ``version`` is empty when only a build knows it, ``commit`` when it is not Git."""

    name: str
    version: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What to compile: lines, versions to stay at, lines that replace what others ask for, and how freely.

    Of what is ``installed`` all is known, wherever it is from.
    """

    lines: Sequence[str]
    preferred: Mapping[str, str] = field(default_factory=dict[str, str])
    overrides: Sequence[str] = ()
    installed: Sequence[Distribution] = ()
    fresh: frozenset[str] = frozenset()
    prereleases: frozenset[str] = frozenset()
    build: bool = True
    dependencies: bool = True


class Compiler:
    """Compiles against one base. Every failure is explained."""

    def __init__(self, uv: Uv, base: Base, surroundings: Surroundings, on_line: Listener = ignore_line) -> None:
        self._uv = uv
        self._base = base
        self._surroundings = surroundings
        self._on_line = on_line

    async def compile(self, what: Compilation, *, offline: bool = False) -> tuple[Chosen, ...]:
        """What uv chooses; from the cache alone if ``offline``, or if the network is gone.

        Raises what ``explain`` returns, UvMissing, OSError.
        """
        return await _with_or_without_network(lambda offline: self.compile_so(what, offline=offline), offline=offline)

    async def identify(self, line: str, *, build: bool = True) -> Identity:
        """What one address leads to. Raises as ``compile`` does."""
        return await _with_or_without_network(lambda offline: self._identify(line, build=build, offline=offline))

    async def build(self, line: str) -> str:
        """The version of what one address leads to, which only its build knows. Raises as ``compile`` does.

        What is built stays in uv's cache for the installation.
        """
        with self._folder() as folder:
            (folder / "asked.txt").write_text(f"{line}\n", encoding="utf-8")
            target = folder / "built"
            command = ["install", "--no-deps", "--requirements", "asked.txt", "--target", str(target)]
            await self._run([*command, "--python", self._base.python], folder, offline=False)
            (version,) = (one.version for one in installed_in(target).values())
            return version

    async def compile_so(self, what: Compilation, *, offline: bool) -> tuple[Chosen, ...]:
        """What uv chooses with the network, or without it; never the one because the other fails."""
        with self._folder() as folder:
            arguments = self._write(what, folder)
            await self._run(arguments, folder, offline=offline)
            return tuple(_read(folder / "chosen.txt"))

    async def _identify(self, line: str, *, build: bool, offline: bool) -> Identity:
        with self._folder() as folder:
            (folder / "asked.txt").write_text(f"{line}\n", encoding="utf-8")
            arguments = ["compile", "asked.txt", "--no-deps", "--format", "pylock.toml", *self._common(build=build)]
            printed = await self._run(arguments, folder, offline=offline)
        (package,) = tomllib.loads(printed)["packages"]
        found: Mapping[str, Any] = package
        return Identity(
            name=canonicalize_name(found["name"]),
            version=found.get("version", ""),
            commit=found.get("vcs", {}).get("commit-id", ""),
        )

    @contextmanager
    def _folder(self) -> Generator[Path]:
        self._uv.stubs.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=PART, dir=self._uv.stubs) as name:
            yield Path(name)

    async def _run(self, arguments: Sequence[str], folder: Path, *, offline: bool) -> str:
        try:
            return await self._uv.run(["pip", *arguments], on_line=self._on_line, cwd=folder, offline=offline)
        except UvFailed as failed:
            raise explain(failed, self._surroundings) from failed

    def _common(self, *, build: bool) -> list[str]:
        return ["--python", self._base.python, "--no-header", *([] if build else ["--no-build"])]

    def _write(self, what: Compilation, folder: Path) -> list[str]:
        """Write the files for uv; returns its arguments."""
        stubs = make_stubs(self._base, self._uv.stubs)
        files = {
            "asked.txt": what.lines,
            "pins.txt": list(self._pins(stubs)),
            "overrides.txt": what.overrides,
            "chosen.txt": [f"{name}=={version}" for name, version in what.preferred.items()],
        }
        for name, lines in files.items():
            (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for distribution in what.installed:
            write_stub(folder, distribution, distribution.requires)
        return [
            "compile",
            "asked.txt",
            *("--output-file", "chosen.txt", "--annotation-style", "line", "--find-links", str(stubs)),
            *("--constraints", "pins.txt"),
            *(("--find-links", str(folder)) if what.installed else ()),
            # About a file without a line uv warns, and that would be read beside what matters.
            *(("--overrides", "overrides.txt") if what.overrides else ()),
            *self._common(build=what.build),
            *(f"--refresh-package={name}" for name in sorted(what.fresh)),
            *(f"--prerelease-package={name}=allow" for name in sorted(what.prereleases)),
            *([] if what.dependencies else ["--no-deps"]),
        ]

    def _pins(self, stubs: Path) -> Iterator[str]:
        """As addresses: uv then asks no index about them, and no index needs to have them."""
        for name in self._base.pins():
            if file := stub_name(self._base.distributions[name]):
                yield f"{name} @ {stubs.as_uri()}/{quote(file)}"


async def _with_or_without_network(run: Callable[[bool], Awaitable[_T]], *, offline: bool = False) -> _T:
    if offline:
        return await run(True)
    try:
        return await run(False)
    except NetworkUnreachable as unreachable:
        try:
            return await run(True)
        except UvFailed:
            raise unreachable from None


def _read(path: Path) -> Iterator[Chosen]:
    """What uv wrote. Raises UvFailed for a line that this does not know: leaving one out would lose a package."""
    for line in filter(None, map(str.strip, path.read_text(encoding="utf-8").splitlines())):
        found = _LINE.fullmatch(line)
        if not found:
            raise UvFailed(
                f"uv wrote a line that psynapse does not know: {line}", hint="report this, with `uv --version`"
            )
        via = (found["via"] or "").split(", ")
        yield Chosen(
            name=canonicalize_name(found["name"]),
            version=found["version"] or "",
            url=found["url"] or "",
            needed_by=tuple(canonicalize_name(one) for one in via if one and not one.startswith("-")),
        )
