"""The one place that runs uv."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import uv

from psynapse.environments.errors import UvFailed, UvMissing
from psynapse.environments.running import Listener, ignore_line, run_program

# What a user has told uv about where packages come from and how they are reached. Whatever else is said in UV_*
# (a target, constraints, a Python) is meant for the user's own projects and would change what is done here.
_KEPT: Final = frozenset(
    {
        "UV_CACHE_DIR",
        "UV_CONCURRENT_BUILDS",
        "UV_CONCURRENT_DOWNLOADS",
        "UV_CONCURRENT_INSTALLS",
        "UV_CONFIG_FILE",
        "UV_DEFAULT_INDEX",
        "UV_EXCLUDE_NEWER",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_GITHUB_TOKEN",
        "UV_HTTP_CONNECT_TIMEOUT",
        "UV_HTTP_RETRIES",
        "UV_HTTP_TIMEOUT",
        "UV_INDEX",
        "UV_INDEX_STRATEGY",
        "UV_INDEX_URL",
        "UV_INSECURE_HOST",
        "UV_KEYRING_PROVIDER",
        "UV_LINK_MODE",
        "UV_NATIVE_TLS",
        "UV_NO_CACHE",
        "UV_NO_CONFIG",
        "UV_NO_INDEX",
        "UV_OFFLINE",
        "UV_REQUEST_TIMEOUT",
        "UV_SYSTEM_CERTS",
    }
)
_KEPT_STARTS: Final = ("UV_INDEX_",)
# Secrets of ours, and what makes Python, uv or Git work on something else than they are told.
_DROPPED: Final = ("PSYNAPSE_", "DAYDREAM_SCOPE_", "PYTHON", "VIRTUAL_ENV", "CONDA", "__PYVENV", "UV_")
_DROPPED_GIT: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"})
# Whole lines: where there is a terminal, uv would break them at its width.
_QUIET: Final = {
    "UV_NO_PROGRESS": "1",
    "UV_NO_WRAP": "1",
    "NO_COLOR": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "GIT_TERMINAL_PROMPT": "0",
}


def clean_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Those of the variables that uv and Git may see, and what keeps them from asking for anything."""
    kept = {name: value for name, value in variables.items() if _may_pass(name)}
    # ssh would ask for a pass phrase on a terminal that nobody looks at.
    return {"GIT_SSH_COMMAND": "ssh -oBatchMode=yes", **kept, **_QUIET}


def _may_pass(name: str) -> bool:
    if name in _KEPT or name.startswith(_KEPT_STARTS):
        return True
    return not name.startswith(_DROPPED) and name not in _DROPPED_GIT


def find_uv() -> str:
    """The path of the uv program that its wheel has put somewhere. Raises UvMissing."""
    try:
        return uv.find_uv_bin()
    except FileNotFoundError as error:
        raise UvMissing(
            f"uv, which installs packages, is not there: {error}",
            hint="install psynapse again, or only `pip install uv`",
        ) from None


class Uv:
    """Runs uv with a cache of its own and an environment that holds nothing it should not see.

    ``guard`` gives the variables by which it, and whatever it has started, is found and killed when this process dies.
    """

    def __init__(self, cache: Path, guard: Callable[[], Mapping[str, str]] = dict) -> None:
        self.cache = cache
        self.guard = guard
        self._program = ""

    @property
    def stubs(self) -> Path:
        """The folder beside the cache where what stands for the base is kept."""
        return self.cache.parent / "base"

    def environment(self) -> dict[str, str]:
        """The environment variables of uv and of what it starts."""
        return {"UV_CACHE_DIR": str(self.cache), **clean_environment(os.environ), **self.guard()}

    async def run(
        self,
        arguments: Sequence[str],
        *,
        on_line: Listener = ignore_line,
        cwd: Path | None = None,
        keep_open: Sequence[int] = (),
        offline: bool = False,
    ) -> str:
        """Run uv and return its standard output; each line of its standard error goes to ``on_line``.

        ``keep_open`` are descriptors that it and what it starts inherit. Raises UvMissing or UvFailed. Cancelling
        kills its process group before the cancellation goes on.
        """
        self._program = self._program or find_uv()
        command = [self._program, *arguments, *(["--offline"] if offline else [])]
        self.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            ended = await run_program(
                command, env=self.environment(), cwd=cwd or self.cache.parent, on_line=on_line, keep_open=keep_open
            )
        except OSError as error:
            raise UvMissing(f"uv cannot be started: {error}", hint="install psynapse again") from error
        if ended.exit_code:
            said = ended.stderr.strip()
            message = f"uv {' '.join(arguments[:2])} failed: {said.splitlines()[0] if said else 'it said nothing'}"
            raise UvFailed(message, stderr=said, exit_code=ended.exit_code, hint="what uv said is in `stderr`")
        return ended.stdout
