"""Set up and work on Psynapse with nothing but Python: ``python3 dev.py run | build | test | check | bench | docs``.

Standard library only, and written so that Pythons that are too old can read it far enough to say so.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import deque
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "dev-setup.json"
OLDEST = (3, 11)
INTERRUPTED = 130
WRONG_USE = 2


class Stopped(Exception):
    """Nothing more can be done; the message says why and what to do about it."""


class Setup(NamedTuple):
    """What the environment is made from; ``checkout`` and ``project`` digest the folder's path and pyproject.toml."""

    python: str
    checkout: str
    project: str
    extras: list[str]

    def covers(self, wanted: Setup) -> bool:
        """True when nothing has to be installed to get from here to ``wanted``."""
        return self[:3] == wanted[:3] and set(wanted.extras) <= set(self.extras)

    def has_moved_to(self, wanted: Setup) -> bool:
        """True when the environment cannot be mended, only made again: another Python, or another folder."""
        return self[:2] != wanted[:2]


class Command(NamedTuple):
    """One thing dev.py does: what it needs installed, and the function that returns its exit code."""

    summary: str
    extras: list[str]
    action: Callable[[list[str]], int]


def wanted_setup(extras: list[str], root: Path = ROOT) -> Setup:
    """The setup that the checkout at ``root`` needs now, with this Python."""
    return Setup(
        _dotted(sys.version_info[:2]),
        _digest(str(root).encode()),
        _digest((root / "pyproject.toml").read_bytes()),
        sorted(extras),
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read_setup(stamp: Path) -> Setup | None:
    """The setup recorded in a stamp file, or None when there is none that can be read."""
    try:
        return Setup(**json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_setup(stamp: Path, setup: Setup) -> None:
    """Record a setup in a stamp file."""
    stamp.write_text(json.dumps(setup._asdict(), indent=2) + "\n", encoding="utf-8")


def needs_setup(done: Setup | None, wanted: Setup) -> bool:
    """True when the environment was never finished, or was made from something else."""
    return done is None or not done.covers(wanted)


def python_problem(version: Sequence[int]) -> str:
    """Why a Python of this version cannot be used and what to do, or nothing when it can."""
    if tuple(version) >= OLDEST:
        return ""
    return (
        f"Psynapse needs Python {_dotted(OLDEST)} or newer; this is {_dotted(version)} ({sys.executable}).\n"
        f"Install a newer Python and start this with it, for example: python3.12 dev.py"
    )


def _dotted(version: Sequence[int]) -> str:
    return f"{version[0]}.{version[1]}"


def venv_problem(has_module: Callable[[str], bool]) -> str:
    """What this Python lacks to make a virtual environment and what to do, or nothing when it lacks nothing."""
    missing = [name for name in ("venv", "ensurepip") if not has_module(name)]
    if not missing:
        return ""
    return (
        f"This Python ({sys.executable}) cannot make a virtual environment: it lacks {' and '.join(missing)}.\n"
        f"On Debian and Ubuntu: sudo apt install python3-venv\n"
        f"Elsewhere: install Python with its standard library complete."
    )


def setup(extras: list[str]) -> None:
    """Make ``.venv`` and install the checkout into it, unless that has been done. Raises Stopped when it fails."""
    wanted, done = wanted_setup(extras), read_setup(STAMP)
    if _program("python").exists() and not needs_setup(done, wanted):
        return
    _say("Setting up .venv; the first time takes a minute or two.")
    # Removed first: an installation that is broken off halfway must not look finished.
    STAMP.unlink(missing_ok=True)
    if Path(sys.prefix).resolve() != VENV:
        _make_venv(again=not _program("python").exists() or (done is not None and done.has_moved_to(wanted)))
    _install(wanted.extras)
    write_setup(STAMP, wanted)


def _make_venv(*, again: bool) -> None:
    problem = venv_problem(lambda name: find_spec(name) is not None)
    if problem:
        raise Stopped(problem)
    command = [sys.executable, "-m", "venv", *(["--clear"] if again else []), str(VENV)]
    _must_work(
        command, "The virtual environment could not be made.", "On Debian and Ubuntu: sudo apt install python3-venv"
    )


def _install(extras: list[str]) -> None:
    pip = [str(_program("python")), "-m", "pip", "install", "--disable-pip-version-check"]
    _must_work(
        [*pip, "--editable", f".[{','.join(extras)}]"],
        "pip could not install what pyproject.toml asks for.",
        "Check the network and pip's settings (an index or a proxy), then run the same command again.",
    )


def _must_work(command: list[str], failure: str, advice: str) -> None:
    """Run a command that reports at length; what it said is shown only when it fails."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        last = _follow(process.stdout)
    if process.returncode:
        raise Stopped("\n".join([failure, "Its last lines:", *last, advice]))


def _follow(output: IO[str]) -> list[str]:
    """Read to the end, showing on a terminal the line that is being worked on. Returns the last lines, indented."""
    last: deque[str] = deque(maxlen=20)
    for line in output:
        last.append("  " + line.rstrip())
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[2K{last[-1][:78]}")
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")
    return list(last)


def _program(name: str) -> Path:
    """Where the environment has a program."""
    return VENV / "Scripts" / f"{name}.exe" if os.name == "nt" else VENV / "bin" / name


def _environment() -> dict[str, str]:
    """What programs get: our environment with ``.venv`` active, so that those looking for Python find it there."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    path = os.pathsep.join([str(_program("python").parent), kept.get("PATH", os.defpath)])
    return {**kept, "VIRTUAL_ENV": str(VENV), "PATH": path}


def _call(program: str, *arguments: str, folder: Path | None = ROOT) -> int:
    """Run a program of the environment in ``folder`` (None: where we were started) and return its exit code."""
    sys.stdout.flush()
    with subprocess.Popen([str(_program(program)), *arguments], cwd=folder, env=_environment()) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            # The terminal sent it to the program as well, which may have something to put in order before it ends.
            code = process.wait()
    return code if code >= 0 else 128 - code


def run(arguments: list[str]) -> int:
    """Start Psynapse, or run ``psynapse`` with the arguments."""
    code = build([])
    return code or _call("psynapse", *arguments, folder=None if arguments else ROOT)


def build(arguments: list[str]) -> int:
    """Build the editor, unless that was done with these sources."""
    return _call("python", "frontend/build.py", *arguments)


def test(arguments: list[str]) -> int:
    """Run pytest with the arguments; without any, every test: the editor's, then Python's in two processes."""
    if arguments:
        return _call("python", "-m", "pytest", *arguments)
    codes = [build([]), _npm("test"), _call("python", "-m", "pytest", "-n", "2")]
    return max(codes)


def _npm(script: str) -> int:
    """Run a script of the editor's package.json."""
    return _call("npm", "--prefix", "frontend", "run", "--silent", script)


CHECKS = {
    "format": ["ruff", "format", "--check"],
    "lint": ["ruff", "check"],
    "types": ["pyright"],
    "layers": ["lint-imports", "--no-logo"],
    "figures": ["python", "-m", "pytest", "tests/test_repository.py"],
    "editor": ["npm", "--prefix", "frontend", "run", "--silent", "check"],
}


def check(arguments: list[str]) -> int:
    """Run every check, or those named, to the end and say which failed."""
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown:
        _say(f"There is no check {unknown[0]!r}; there are: {', '.join(CHECKS)}")
        return WRONG_USE
    if "editor" in (arguments or CHECKS) and build([]):
        return 1
    failed = [name for name in arguments or CHECKS if not _passes(name)]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    print(f"\n== {name}: {' '.join(CHECKS[name])}")
    return _call(*CHECKS[name]) == 0


def bench(arguments: list[str]) -> int:
    """Run the benchmarks."""
    return _call("python", "-m", "benchmarks", *arguments)


def docs(arguments: list[str]) -> int:
    """Build the documentation into ``build/site``, or run mkdocs with the arguments; a link to nowhere fails."""
    return _call("python", "-m", "mkdocs", *(arguments or ["build"]))


def pictures(arguments: list[str]) -> int:
    """Take the pictures of the templates named, or of all of them and the editor."""
    return build([]) or _call("python", "tests/e2e/template_pictures.py", *arguments)


def crash(arguments: list[str]) -> int:
    """Kill changes of node packages, with ``--server`` over HTTP, ``--kills`` times, and look at what is left."""
    return _call("python", "tests/crash/generation_kills.py", *arguments)


COMMANDS = {
    "run": Command("start Psynapse, or run psynapse with the arguments given", ["dev"], run),
    "build": Command("build the editor, unless it is up to date", ["dev"], build),
    "test": Command("run every test, or pytest with the arguments given", ["desktop", "dev", "docs"], test),
    "check": Command(f"check all of: {', '.join(CHECKS)}; or those named", ["desktop", "dev", "docs"], check),
    "bench": Command("run the benchmarks with the arguments given", ["bench", "dev"], bench),
    "docs": Command("build the documentation into build/site, or show it: docs serve", ["dev", "docs"], docs),
    "pictures": Command("take the pictures of the templates in the editor", ["dev"], pictures),
    "crash": Command("kill changes of node packages --kills N times and look at what is left", ["dev"], crash),
}


def table() -> str:
    """The commands, one a line."""
    rows = [f"  {name:<9}{command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 dev.py COMMAND [arguments]", "", *rows])


def main(arguments: Sequence[str]) -> int:
    """Carry out a command line and return the exit code."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(table())
        return 0 if arguments else WRONG_USE
    name, *rest = arguments
    if name not in COMMANDS:
        _say(f"There is no command {name!r}.\n\n{table()}")
        return WRONG_USE
    return _carry_out(COMMANDS[name], rest)


def _carry_out(command: Command, arguments: list[str]) -> int:
    try:
        problem = python_problem(sys.version_info[:2])
        if problem:
            raise Stopped(problem)
        setup(command.extras)
        return command.action(arguments)
    except Stopped as stopped:
        _say(str(stopped))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
