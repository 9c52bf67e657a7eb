import os
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from psynapse.environments.base import Base, Distribution
from psynapse.environments.stubs import PART, make_stubs, stub_name


def base_of(**versions: str) -> Base:
    requires = {"psynapse": ("pydantic>=2", "fastapi>=0.1"), "pydantic": ("fast; extra == 'speed'", "odd ??")}
    held = {
        name: Distribution(name=name, version=version, requires=requires.get(name, ()), location=Path())
        for name, version in versions.items()
    }
    return Base(python="/python", version="3.11", site_dirs=(), distributions=held)


def metadata(stub: Path) -> list[str]:
    with zipfile.ZipFile(stub) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
        return wheel.read(name).decode().splitlines()


def test_a_stub_says_what_the_distribution_requires_and_holds_nothing_else(tmp_path: Path):
    stubs = make_stubs(base_of(torch="2.13.0+cpu", pydantic="2.9"), tmp_path)
    assert sorted(path.name for path in stubs.iterdir()) == [
        "pydantic-2.9-py3-none-any.whl",
        "torch-2.13.0+cpu-py3-none-any.whl",
    ]
    assert "Provides-Extra: speed" in metadata(stubs / "pydantic-2.9-py3-none-any.whl")
    assert "Requires-Dist: fast; extra == 'speed'" in metadata(stubs / "pydantic-2.9-py3-none-any.whl")


def test_what_psynapse_requires_for_its_server_alone_binds_no_node_package(tmp_path: Path):
    stubs = make_stubs(base_of(psynapse="0.1", pydantic="2.9", fastapi="1.0"), tmp_path)
    lines = [line for line in metadata(stubs / "psynapse-0.1-py3-none-any.whl") if line.startswith("Requires-Dist")]
    assert lines == ["Requires-Dist: pydantic>=2"]


def test_the_stub_of_psynapse_has_its_extras_and_is_another_one_when_they_change(tmp_path: Path):
    base = base_of(psynapse="0.1", pydantic="2.9")
    plain = make_stubs(base, tmp_path)
    product = base.distributions["psynapse"]
    richer = replace(product, requires=(*product.requires, "shine>=1; extra == 'shiny'", "qt; extra == 'desktop'"))
    stubs = make_stubs(replace(base, distributions={**base.distributions, "psynapse": richer}), tmp_path)
    assert stubs != plain
    lines = metadata(stubs / "psynapse-0.1-py3-none-any.whl")
    assert [line for line in lines if "shiny" in line or "desktop" in line] == [
        "Provides-Extra: shiny",
        "Requires-Dist: shine>=1; extra == 'shiny'",
    ]


def test_what_has_no_real_version_has_no_stub(tmp_path: Path):
    base = base_of(odd="my own")
    assert stub_name(base.distributions["odd"]) == ""
    assert list(make_stubs(base, tmp_path).iterdir()) == []


def test_stubs_are_made_once_for_a_base_and_the_oldest_are_forgotten(tmp_path: Path):
    made: list[Path] = []
    for number in range(6):
        made.append(make_stubs(base_of(a=f"{number}"), tmp_path))
        os.utime(made[-1], (number, number))
    assert make_stubs(base_of(a="5"), tmp_path) == made[-1]
    assert [path.exists() for path in made] == [False, True, True, True, True, True]


def test_work_that_somebody_is_at_is_left_alone_until_it_is_abandoned(tmp_path: Path):
    fresh, abandoned = tmp_path / f"{PART}fresh", tmp_path / f"{PART}old"
    for folder, age in ((fresh, 60), (abandoned, 2 * 24 * 3600)):
        folder.mkdir()
        os.utime(folder, (time.time() - age, time.time() - age))
    make_stubs(base_of(a="1"), tmp_path)
    assert fresh.is_dir()
    assert not abandoned.exists()


def test_another_process_may_have_been_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    base = base_of(a="1")
    rename = Path.rename

    def too_late(self: Path, target: Path) -> Path:
        target.mkdir()
        (target / "theirs").touch()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", too_late)
    stubs = make_stubs(base, tmp_path)
    assert [path.name for path in stubs.iterdir()] == ["theirs"]
    assert [path.name for path in tmp_path.iterdir()] == [stubs.name]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, f"No space left for {self} as {target}")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="No space left"):
        make_stubs(base_of(a="1"), tmp_path)
    assert list(tmp_path.iterdir()) == []
