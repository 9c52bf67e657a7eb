"""Whether the base has all that a package requires, without asking a resolver."""

from importlib.metadata import Distribution
from pathlib import Path

import pytest

from psynapse.environments.base import Base
from psynapse.environments.base import Distribution as Installed
from psynapse.environments.sufficing import met_by_base

HELD = {
    "psynapse": ("1.0", ("fastapi>=1",)),
    "plain": ("1.5", ()),
    "deep": ("2.0", ("plain>=1", "deep", "nowhere; python_version < '3'")),
    "broken": ("2.0", ("nowhere",)),
    "early": ("3.0rc1", ()),
    "local": ("2.13.0+cpu", ()),
    "strange": ("of long ago", ()),
}


@pytest.fixture
def held(base: Base, tmp_path: Path) -> Base:
    """A base that this Python is of, with other things in it."""
    installed = {
        name: Installed(name=name, version=version, requires=requires, location=tmp_path)
        for name, (version, requires) in HELD.items()
    }
    return Base(python=base.python, version=base.version, site_dirs=(tmp_path,), distributions=installed)


def requiring(folder: Path, *lines: str) -> Distribution:
    info = folder / "scope_a-1.0.dist-info"
    info.mkdir(exist_ok=True)
    required = "".join(f"Requires-Dist: {line}\n" for line in lines)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: scope-a\nVersion: 1.0\n{required}")
    return Distribution.at(info)


@pytest.mark.parametrize(
    "line",
    [
        "plain",
        "Plain>=1,<2",
        "deep",
        "psynapse",
        "local==2.13.0",
        "nowhere; extra == 'more'",
        "nowhere; python_version < '3'",
        "plain; python_version > '3'",
    ],
)
def test_what_is_there_is_enough(line: str, held: Base, tmp_path: Path):
    assert met_by_base(requiring(tmp_path, "plain", line), (), held, ())


@pytest.mark.parametrize(
    "line",
    [
        "nowhere",
        "plain>=2",
        "plain[extra]",
        "plain @ https://example.org/plain-1.5-py3-none-any.whl",
        "broken",
        "early",
        "early>=3.0rc1",
        "strange",
        "not a (requirement",
        "nowhere; python_version > '3'",
    ],
)
def test_what_is_not_there_or_is_doubtful_is_not(line: str, held: Base, tmp_path: Path):
    assert not met_by_base(requiring(tmp_path, "plain", line), (), held, ())


def test_extras_that_were_asked_for_count(held: Base, tmp_path: Path):
    package = requiring(tmp_path, "nowhere; extra == 'more'", "plain; extra == 'less'")
    assert met_by_base(package, ("less",), held, ())
    assert not met_by_base(package, ("less", "more"), held, ())


def test_what_a_generation_has_of_its_own_is_resolved(held: Base, tmp_path: Path):
    assert not met_by_base(requiring(tmp_path, "deep"), (), held, {"plain"})


def test_of_another_python_nothing_is_known(held: Base, tmp_path: Path):
    other = Base(python="/other/python", version="3.11", site_dirs=(), distributions=held.distributions)
    assert not met_by_base(requiring(tmp_path), (), other, ())
