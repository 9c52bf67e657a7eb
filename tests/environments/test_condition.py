"""A generation is fine as long as what it relies on in the base is what it was."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from stored import locked, make_generation, requirement

from psynapse.environments.base import Base, Distribution
from psynapse.environments.condition import degradation, relied_on
from psynapse.environments.generation import BASE_ALONE, Generation
from psynapse.environments.overlay import Overlay
from psynapse.environments.requirement import parse_requirement

PYTHON = "3.11"


def make_base(distributions: Mapping[str, Sequence[str]], *, version: str = PYTHON) -> Base:
    """A base of ``name-version`` distributions and what each requires."""
    held: dict[str, Distribution] = {}
    for text, requires in distributions.items():
        name, _, number = text.rpartition("-")
        held[name] = Distribution(name=name, version=number, requires=tuple(requires), location=Path("nowhere"))
    return Base(python="python", version=version, site_dirs=(), distributions=held)


def hold(overlay: Overlay, name: str, *requires: str) -> None:
    """Put a distribution's metadata into an overlay."""
    folder = overlay.site / f"{name}-1.0.dist-info"
    folder.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {one}" for one in requires)]
    (folder / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    overlay = Overlay(tmp_path / "1", PYTHON)
    overlay.site.mkdir(parents=True)
    overlay.python.parent.mkdir()
    overlay.python.touch()
    return overlay


BASE = make_base({"numpy-2.0": ["deep>=1"], "deep-1.5": [], "torch-2.13": ["numpy"], "idle-1.0": [], "video-1.0": []})


def made_on(base: Base, overlay: Overlay, *names: str) -> Generation:
    requirements = tuple(requirement(name) for name in names)
    relies_on = relied_on(base, overlay, requirements)
    return replace(
        make_generation(1, *(name for name in names if name in overlay.distributions())),
        requirements=requirements,
        base=base.fingerprint(),
        relies_on=relies_on,
        closure=base.closure_fingerprint(name for name, _ in relies_on),
        python=str(overlay.python),
    )


def test_what_is_relied_on_is_what_is_asked_for_directly_or_not(overlay: Overlay):
    hold(overlay, "scope-a", "helper", "numpy>=1", "idle ; python_version < '3'", "no requirement at all !")
    hold(overlay, "helper", "scope-a", "NumPy")
    assert relied_on(BASE, overlay, [requirement("scope-a")]) == (("deep", "1.5"), ("numpy", "2.0"))
    assert relied_on(BASE, overlay, [requirement("torch")]) == (("deep", "1.5"), ("numpy", "2.0"), ("torch", "2.13"))
    assert relied_on(BASE, overlay, []) == ()


def test_what_an_extra_asks_for_is_relied_on_when_the_extra_is_asked_for(overlay: Overlay):
    hold(overlay, "scope-a", "video ; extra == 'video'", "numpy")
    plain, extra = requirement("scope-a"), parse_requirement("scope-a[video]")
    assert ("video", "1.0") not in relied_on(BASE, overlay, [plain])
    assert ("video", "1.0") in relied_on(BASE, overlay, [extra])
    assert ("deep", "1.5") in relied_on(BASE, overlay, [extra])


def test_what_the_overlay_holds_itself_hides_the_base(overlay: Overlay):
    hold(overlay, "scope-a", "numpy")
    hold(overlay, "numpy")
    assert relied_on(BASE, overlay, [requirement("scope-a")]) == ()


def test_on_the_base_it_was_made_for_nothing_is_wrong(overlay: Overlay):
    hold(overlay, "scope-a", "numpy")
    assert degradation(made_on(BASE, overlay, "scope-a"), BASE, overlay.folder) == ""
    assert degradation(BASE_ALONE, BASE, overlay.folder) == ""


def test_what_nobody_relies_on_may_change(overlay: Overlay):
    hold(overlay, "scope-a", "numpy")
    generation = made_on(BASE, overlay, "scope-a")
    upgraded = make_base({"numpy-2.0": ["deep>=1"], "deep-1.5": [], "idle-9.0": [], "new-1.0": []})
    assert degradation(generation, upgraded, overlay.folder) == ""


@pytest.mark.parametrize(
    ("after", "word"),
    [
        (make_base({"numpy-2.1": ["deep"], "deep-1.5": []}), "numpy 2.0 is now 2.1"),
        (make_base({"numpy-2.0": ["deep"]}), "deep 1.5 is gone"),
        (replace(BASE, python="elsewhere"), "its Python, or where its packages are from"),
        (replace(BASE, version="3.12"), "made for another Python than 3.12"),
    ],
)
def test_what_it_relies_on_is_named_when_it_has_changed(after: Base, word: str, overlay: Overlay):
    hold(overlay, "scope-a", "numpy")
    assert word in degradation(made_on(BASE, overlay, "scope-a"), after, overlay.folder)


def test_files_that_are_gone_are_noticed(overlay: Overlay):
    hold(overlay, "scope-a")
    generation = replace(made_on(BASE, overlay, "scope-a"), locked=(locked("scope-a"), locked("helper")))
    assert degradation(generation, BASE, overlay.folder) == "files of helper are gone"
    overlay.python.unlink()
    assert degradation(generation, BASE, overlay.folder) == f"its Python {overlay.python} is gone"
    shutil.rmtree(overlay.folder)
    assert degradation(generation, BASE, overlay.folder).endswith("is gone")
