"""Versions are chosen by real uv against a base of the test's own, from an index on loopback."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest
from asking import Asking, Offer
from local_index import LocalIndex
from package_project import make_package

from psynapse.environments.base import Base, read_base
from psynapse.environments.errors import (
    DependencyConflict,
    RequirementNotFound,
)
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.resolution import resolve
from psynapse.environments.uv import Uv


def test_exactly_what_the_base_lacks_is_locked(ask: Asking, offer: Offer, index: LocalIndex):
    offer("helper-lib", requires=["numpy>=2", "server-lib"])
    offer("scope-hello", requires=["helper-lib", "torch>=2.13", "psynapse"])
    assert ask("scope-hello") == {"helper-lib": "1.0", "scope-hello": "1.0"}
    assert ask.last.from_base == ("numpy", "psynapse", "pydantic", "server-lib", "torch")
    assert ask.locked("helper-lib").needed_by == ("scope-hello",)
    assert ask.locked("scope-hello").line == "scope-hello==1.0"
    assert not [path for path in index.requests if "torch" in path or "numpy" in path]


def test_nothing_asked_for_needs_nothing(ask: Asking):
    assert ask() == {}


def test_a_pinned_package_is_asked_for_and_taken_from_the_base(ask: Asking):
    assert ask("torch==2.13.0") == {}
    assert ask.last.requirements[0].name == "torch"


def test_what_only_the_server_needs_may_be_another_version(ask: Asking, offer: Offer):
    offer("server-lib", "3.0")
    offer("scope-new", requires=["server-lib>=2", "psynapse"])
    assert ask("scope-new") == {"scope-new": "1.0", "server-lib": "3.0"}


def test_what_the_base_has_is_preferred_to_what_is_newer(ask: Asking, offer: Offer):
    offer("server-lib", "3.0")
    offer("scope-new", requires=["server-lib"])
    assert ask("scope-new") == {"scope-new": "1.0"}


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("torch<2.9", "scope-old needs torch<2.9, but psynapse is installed with torch 2.13.0+cpu"),
        ("torch==2.8.0", "scope-old needs torch==2.8.0, but psynapse is installed with torch 2.13.0+cpu"),
        ("torch>=1,<2", "scope-old needs torch>=1,<2, but psynapse is installed with torch 2.13.0+cpu"),
        ("pydantic<2", "scope-old needs pydantic<2, but psynapse is installed with pydantic 2.9.0"),
    ],
)
def test_what_contradicts_a_pin_is_refused_and_both_are_named(requires: str, said: str, ask: Asking, offer: Offer):
    offer("scope-old", requires=[requires])
    with pytest.raises(DependencyConflict) as refused:
        ask("scope-old")
    assert said in refused.value.message
    assert refused.value.culprits == ("scope-old", re.split("[<>=]", requires)[0])
    assert "No solution found" in refused.value.explanation
    assert "warning" not in refused.value.explanation
    assert refused.value.hint


def test_the_way_to_a_contradiction_is_told(ask: Asking, offer: Offer):
    offer("middle", requires=["numpy>=3"])
    offer("scope-deep", requires=["middle"])
    with pytest.raises(DependencyConflict, match="scope-deep needs middle; middle needs numpy>=3, but psynapse"):
        ask("scope-deep")


def test_two_packages_that_exclude_each_other_are_named(ask: Asking, offer: Offer):
    offer("helper-lib", "1.0")
    offer("helper-lib", "2.0")
    offer("wants-one", requires=["helper-lib<2"])
    offer("wants-two", requires=["helper-lib>=2"])
    ask("wants-one")
    with pytest.raises(DependencyConflict) as refused:
        ask("wants-two")
    assert "wants-one needs helper-lib<2" in refused.value.message
    assert "wants-two needs helper-lib>=2" in refused.value.message
    assert set(refused.value.culprits) == {"wants-one", "wants-two", "helper-lib"}


def test_what_is_asked_for_can_contradict_a_pin_itself(ask: Asking):
    with pytest.raises(DependencyConflict, match=r"what you asked for requires torch<2, but psynapse .* 2\.13\.0\+cpu"):
        ask("torch<2")


def test_a_package_for_another_python_is_refused(ask: Asking, offer: Offer):
    offer("future", python_requires=">=3.99")
    with pytest.raises(DependencyConflict, match=r"needs Python>=3\.99, and psynapse runs on Python 3\.\d+"):
        ask("future")


def test_a_fork_of_what_is_pinned_is_refused(ask: Asking, tmp_path: Path):
    make_package(tmp_path, "torch", "9.0")
    with pytest.raises(DependencyConflict, match=r"torch is asked for from an address, but .* torch 2\.13\.0\+cpu"):
        ask(str(tmp_path / "torch"))


def test_what_no_index_has_is_not_found(ask: Asking, offer: Offer):
    offer("scope-gone", requires=["does-not-exist>=1"])
    offer("scope-here")
    with pytest.raises(RequirementNotFound, match="what you asked for is nothing-such, which no index has"):
        ask("nothing-such")
    with pytest.raises(RequirementNotFound, match="what you asked for is scope-here==9, which no index has"):
        ask("scope-here==9")
    with pytest.raises(RequirementNotFound, match="scope-gone needs does-not-exist>=1, which no index has"):
        ask("scope-gone")


def test_an_installation_moves_nothing_that_is_there(ask: Asking, offer: Offer):
    offer("helper-lib", "1.0")
    offer("scope-hello", "1.0", requires=["helper-lib"])
    ask("scope-hello")
    offer("helper-lib", "2.0")
    offer("scope-hello", "2.0", requires=["helper-lib"])
    offer("scope-other", requires=["helper-lib"])
    assert ask("scope-other") == {"helper-lib": "1.0", "scope-hello": "1.0", "scope-other": "1.0"}


def test_an_update_moves_one_package_alone(ask: Asking, offer: Offer):
    for name in ("scope-one", "scope-two"):
        offer("helper-lib", "1.0")
        offer(name, "1.0", requires=["helper-lib"])
    ask("scope-one", "scope-two")
    for name in ("scope-one", "scope-two"):
        offer("helper-lib", "2.0")
        offer(name, "2.0", requires=["helper-lib"])
    assert ask(upgrade="scope-one") == {"helper-lib": "1.0", "scope-one": "2.0", "scope-two": "1.0"}


def test_an_update_of_what_the_base_has_goes_into_the_overlay(ask: Asking, offer: Offer):
    offer("server-lib", "3.0")
    assert ask("server-lib") == {}
    assert ask(upgrade="server-lib") == {"server-lib": "3.0"}


def test_pre_releases_come_only_when_they_are_allowed_and_then_stay(ask: Asking, offer: Offer):
    for name in ("scope-early", "helper-lib"):
        offer(name, "1.0", requires=["helper-lib"] if name == "scope-early" else [])
        offer(name, "1.1rc1", requires=["helper-lib"] if name == "scope-early" else [])
    assert ask("scope-early") == {"helper-lib": "1.0", "scope-early": "1.0"}
    assert ask(upgrade="scope-early", pre=True) == {"helper-lib": "1.0", "scope-early": "1.1rc1"}
    offer("scope-other")
    assert ask("scope-other")["scope-early"] == "1.1rc1"


def test_a_pin_with_a_version_of_long_ago_is_left_alone(ask: Asking, offer: Offer):
    info = ask.base.site_dirs[0] / "av-old.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: av\nVersion: my own build\n")
    ask.base = read_base(ask.base.python)
    offer("av", "12.0")
    offer("scope-hello", requires=["av"])
    assert ask("scope-hello") == {"scope-hello": "1.0"}
    assert "av" in ask.last.from_base


def test_a_requirement_for_another_python_asks_for_nothing(ask: Asking, offer: Offer):
    offer("scope-hello")
    assert ask("scope-hello ; python_version < '3'") == {}
    assert ask.last.requirements[0].name == "scope-hello"


def test_extras_bring_what_they_name(ask: Asking, offer: Offer, tmp_path: Path):
    offer("helper-lib")
    offer("scope-hello", extras={"video": ["helper-lib"]})
    assert ask("scope-hello[video]") == {"helper-lib": "1.0", "scope-hello": "1.0"}
    assert ask.locked("helper-lib").needed_by == ("scope-hello",)


def test_cancelling_kills_uv(uv: Uv, pinned_base: Base, index: LocalIndex, offer: Offer):
    offer("scope-hello")
    index.behaviour = "hang"

    async def cancelled() -> None:
        asking = asyncio.create_task(resolve(uv, pinned_base, [parse_requirement("scope-hello")]))
        assert await asyncio.to_thread(index.asked.wait, 10)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(cancelled())
    assert str(uv.cache) not in subprocess.run(["ps", "axe"], capture_output=True, text=True, check=True).stdout
