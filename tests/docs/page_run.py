"""Carries out a page as a reader would: in one folder, with one shell and one Python, and a server where it has one.

Nothing of the machine is used: the home folder, the data and the node packages are the page's own, and port 8000 in the
text stands for whatever port its server has.
"""

import contextlib
import io
import json
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from code_blocks import Block

_GREETING = re.compile(r"serves http://127\.0\.0\.1:(\d+)")
_WRITTEN_PORT = "127.0.0.1:8000"
_SHOWN = re.compile(r"^.*\bprint\(.*\)  # (.*)$", re.MULTILINE)
_EXIT = re.compile(r"\n?\[exit (\d+)\]\n?$")
_SECRET = re.compile(r'"\$secret": "(\w+)"')
_TIMEOUT = 100
# However the script ends, the next one goes on where it was.
_KEEP_STATE = 'trap \'__code=$?; env -0 > "$PAGE_STATE/env"; pwd > "$PAGE_STATE/folder"; exit $__code\' EXIT'


@dataclass
class PageRun:
    """What a page has got to so far."""

    folder: Path
    state: Path
    environment: dict[str, str]
    patch: pytest.MonkeyPatch
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})
    server: "subprocess.Popen[str] | None" = None
    listener: threading.Thread | None = None
    port: str = ""
    said: str = ""
    """What the last block wrote, for a block of output behind it."""

    # Blocks

    def carry_out(self, block: Block) -> None:
        """Do what a reader would do with the block."""
        if block.saved_as:
            self.save(block)
        elif block.language in {"text", "json"} and not _is_workflow(block):
            expect_output(block.text, self.said)
        else:
            self._RUN[block.language](self, block)

    def save(self, block: Block) -> None:
        """Write the block's file, and try it if it is a workflow."""
        path = self.folder / block.saved_as
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        if path.suffix == ".py":
            compile(block.text, str(path), "exec")
        if path.suffix == ".json":
            self._try_workflow(block.saved_as, block.findings)

    def run_workflow(self, block: Block) -> None:
        """A workflow that the page gives no name."""
        self.save(Block(block.line, block.language, block.text, f"workflow-{block.line}.json", "", block.findings))

    def run_python(self, block: Block) -> None:
        """In the page's one namespace; what ``print(…)  # shows`` is compared."""
        output = io.StringIO()
        self.patch.chdir(self.folder)
        for name, value in self.environment.items():
            self.patch.setenv(name, value)
        with contextlib.redirect_stdout(output):
            exec(compile(self._with_port(block.text), f"line {block.line}", "exec"), self.names)
        self.said = self._without_port(output.getvalue())
        if shown := _SHOWN.findall(block.text):
            assert self.said.splitlines() == shown

    def run_bash(self, block: Block) -> None:
        """All of it must succeed."""
        if block.text.split("#")[0].split() == ["psynapse", "serve"]:
            self._need_server()
            return
        code, output, errors = self.shell(f"set -e\n{block.text}")
        assert code == 0, f"line {block.line}: exit {code}\n{output}{errors}"
        self.said = output

    def run_console(self, block: Block) -> None:
        """Each command, and what it shows: what it wrote to both streams, in that order, and its exit code."""
        for command, expected in _commands(block.text):
            ends = _EXIT.search(expected)
            code, output, errors = self.shell(command)
            assert code == int(ends[1] if ends else 0), f"{command}\n{output}{errors}"
            expect_output(_EXIT.sub("\n", expected) if ends else expected, errors + output)

    def read_toml(self, block: Block) -> None:
        """A piece of a file; it must at least be one."""
        assert tomllib.loads(block.text)

    _RUN: ClassVar = {
        "bash": run_bash,
        "console": run_console,
        "json": run_workflow,
        "python": run_python,
        "toml": read_toml,
    }

    # The shell

    def shell(self, script: str) -> tuple[int, str, str]:
        """Run a script where the last one ended: same folder, same variables. Its exit code and what it wrote."""
        if _WRITTEN_PORT in script:
            self._need_server()
        cwd = self.state / "folder"
        where = Path(cwd.read_text(encoding="utf-8").strip()) if cwd.exists() else self.folder
        ended = subprocess.run(
            ["bash", "-c", f"{_KEEP_STATE}\n{self._with_port(script)}"],
            cwd=where,
            env={**self.environment, "PAGE_STATE": str(self.state)},
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT,
            check=False,
        )
        kept = (self.state / "env").read_text(encoding="utf-8").split("\0")
        self.environment = {name: value for name, _, value in (line.partition("=") for line in kept if line)}
        return ended.returncode, self._without_port(ended.stdout), self._without_port(ended.stderr)

    # The server

    def _need_server(self) -> None:
        if self.server:
            return
        command = [sys.executable, "-m", "psynapse.cli", "serve", "--port", "0"]
        server = subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stderr=subprocess.PIPE, encoding="utf-8"
        )
        assert server.stderr
        said: list[str] = []
        for line in server.stderr:
            said.append(line)
            if found := _GREETING.search(line):
                self.server, self.port = server, found[1]
                self.listener = threading.Thread(target=server.stderr.read, daemon=True)
                self.listener.start()
                return
        server.stderr.close()
        raise AssertionError(f"the server ended with {server.wait()}:\n{''.join(said)}")

    def stop(self) -> None:
        """End what was started, and forget modules of the page's own."""
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None) or "").startswith(str(self.folder)):
                del sys.modules[name]
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(20)
            assert self.listener
            assert self.server.stderr
            self.listener.join(20)
            self.server.stderr.close()

    def _try_workflow(self, name: str, findings: Sequence[str]) -> None:
        """Run a workflow, or only check it where the page says that something is wrong with it."""
        has_own = "NODEPACKS_DIR" not in self.environment and (self.folder / "my_nodepacks").is_dir()
        psynapse = "NODEPACKS_DIR=my_nodepacks psynapse" if has_own else "psynapse"
        secrets = _SECRET.findall((self.folder / name).read_text(encoding="utf-8"))
        given = " ".join(f"--env {secret}=any" for secret in secrets)
        verb = "check" if findings else f"run {given} --quiet"
        code, output, errors = self.shell(f"{psynapse} {verb} --json {name}")
        assert {one["code"] for one in json.loads(output)["diagnostics"]} == set(findings), f"{name}: {output}"
        assert findings or code == 0, f"{name}: {output}{errors}"

    def _with_port(self, text: str) -> str:
        return text.replace(_WRITTEN_PORT, f"127.0.0.1:{self.port}") if self.port else text

    def _without_port(self, text: str) -> str:
        return text.replace(f"127.0.0.1:{self.port}", _WRITTEN_PORT) if self.port else text


def expect_output(expected: str, said: str) -> None:
    """Compare line by line. An ellipsis stands for anything in its line; alone on a line, for any number of lines."""
    lines = expected.strip("\n").split("\n")
    pattern = "".join(r"(?:[^\n]*\n)*?" if line == "…" else f"{_line_pattern(line)}\n" for line in lines)
    assert re.fullmatch(pattern, said.strip("\n") + "\n"), f"expected:\n{expected}\nwas:\n{said}"


def _line_pattern(line: str) -> str:
    return r"[^\n]*".join(map(re.escape, line.split("…")))


def _commands(text: str) -> list[tuple[str, str]]:
    """Each command behind a ``$`` with the output below it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not parts[0].strip(), "a console block begins with a command"
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts[1:]]


def _is_workflow(block: Block) -> bool:
    if block.language != "json":
        return False
    value = json.loads(block.text)
    return isinstance(value, Mapping) and "nodes" in value
