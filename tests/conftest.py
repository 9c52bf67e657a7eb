"""Fixtures for tests that install node packages: real ones, built here, from an index and repositories on loopback.

Write packages with ``make_package`` (tests/node_packages/package_project.py), offer them with ``index.add(...)``, make
them repositories with ``GitRepository``. Whoever runs uv takes ``index`` or ``hermetic``: both point it at this test's
own index, cache, home folder and Git configuration, so nothing of the machine is used or changed.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# What several test files share is a module: they cannot import each other.
sys.path.append(str(Path(__file__).parent / "node_packages"))

from git_repositories import GitServer
from local_index import LocalIndex

_OF_THE_MACHINE = ("UV_", "PIP_", "GIT_", "VIRTUAL_ENV", "PYTHONPATH", "SSH_ASKPASS")
_GIT_CONFIGURATION = '[safe]\n\tdirectory = *\n[protocol "file"]\n\tallow = always\n'


@pytest.fixture
def hermetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, and nothing of the machine's settings for uv, pip and Git; returns it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "gitconfig").write_text(_GIT_CONFIGURATION, encoding="utf-8")
    for name in [name for name in os.environ if name.startswith(_OF_THE_MACHINE)]:
        monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "UV_NO_CONFIG": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        # A port where nobody listens: without an index of its own a test reaches none.
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple/",
        "UV_HTTP_RETRIES": "0",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return home


@pytest.fixture
def index(hermetic: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalIndex]:
    """An empty index on loopback, which uv uses and no other."""
    index = LocalIndex()
    for name, value in index.environment().items():
        monkeypatch.setenv(name, value)
    yield index
    index.stop()


@pytest.fixture
def git_server(tmp_path: Path, hermetic: Path) -> Iterator[GitServer]:
    """An HTTP server of the repositories below ``tmp_path / "repositories"``."""
    folder = tmp_path / "repositories"
    folder.mkdir()
    server = GitServer(folder)
    yield server
    server.stop()
