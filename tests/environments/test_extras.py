"""Extras of psynapse: what they ask for, and how they become part of a generation."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from asking import Offer
from base_environment import make_base
from package_project import build_wheel, make_package
from packages import change, held, install, versions

from psynapse.environments.base import Base
from psynapse.environments.condition import degradation
from psynapse.environments.edits import Remove
from psynapse.environments.errors import BadRequirement, DependencyConflict
from psynapse.environments.extras import lacking, libraries, product_lines
from psynapse.environments.probing import ProbeReport
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.uv import Uv

EXTRAS = {
    "shiny": ["shine-lib>=1", "gloss-lib"],
    "matt": ["dull-lib"],
    "fixed": ["host-lib>=2"],
    "desktop": ["window-lib"],
}


@pytest.fixture
def product_base(tmp_path: Path, hermetic: Path) -> Base:
    """A base with a psynapse that has extras, whose libraries it lacks but for one."""
    product = make_package(tmp_path / "in-base", "psynapse", "0.1.0", requires=["server-lib"], extras=EXTRAS)
    have = [make_package(tmp_path / "in-base", name, "1.0") for name in ("server-lib", "numpy", "gloss-lib")]
    return make_base(tmp_path, [build_wheel(one) for one in (product, *have)])


@pytest.fixture
def changer(store: GenerationStore, product_base: Base, uv: Uv) -> Changer:
    """Changes generations on that base, in which no worker could start."""

    @asynccontextmanager
    async def probe(_: object) -> AsyncGenerator[ProbeReport]:
        await asyncio.sleep(0)
        yield ProbeReport()

    return Changer(store, product_base, uv, probe)


def specs(store: GenerationStore) -> list[str]:
    return [one.spec for one in store.current().requirements]


def test_the_extras_for_nodes_are_known_with_what_they_ask_for(product_base: Base):
    found = {name: [str(one).partition(";")[0] for one in wanted] for name, wanted in libraries(product_base).items()}
    assert found == {"fixed": ["host-lib>=2"], "matt": ["dull-lib"], "shiny": ["shine-lib>=1", "gloss-lib"]}


def test_what_is_missing_is_told_by_name_and_by_version(product_base: Base):
    wanted = libraries(product_base)["shiny"]
    assert lacking(wanted, {"gloss-lib": "1.0"}) == ("shine-lib",)
    assert lacking(wanted, {"gloss-lib": "1.0", "shine-lib": "0.9"}) == ("shine-lib",)
    assert lacking(wanted, {"gloss-lib": "1.0", "shine-lib": "2"}) == ()


def test_a_psynapse_that_is_no_distribution_has_no_extras():
    base = Base(python="/python", version="3.11", site_dirs=(), distributions={})
    assert libraries(base) == {}


def test_the_server_and_the_desktop_bind_no_node_package(product_base: Base):
    lines = "\n".join(product_lines(product_base))
    assert "server-lib" not in lines
    assert "window-lib" not in lines


def test_an_extra_brings_what_the_base_lacks_of_it(changer: Changer, store: GenerationStore, offer: Offer):
    offer("shine-lib", requires=["deep-lib"])
    offer("deep-lib")
    done = install(changer, "psynapse[shiny]")
    assert held(store) == {"deep-lib": "1.0", "shine-lib": "1.0"}
    assert (specs(store), done.after.summary) == (["psynapse[shiny]"], "install psynapse[shiny]")
    assert versions(done.after, "shine_lib", "gloss_lib") == ["1.0", "1.0"]


def test_extras_add_up_and_go_one_by_one(changer: Changer, store: GenerationStore, offer: Offer):
    offer("shine-lib")
    offer("dull-lib")
    install(changer, "psynapse[shiny]")
    install(changer, "psynapse[matt]")
    assert specs(store) == ["psynapse[matt,shiny]"]
    assert held(store) == {"dull-lib": "1.0", "shine-lib": "1.0"}
    assert change(changer, Remove("psynapse[shiny]")).after.summary == "uninstall psynapse[shiny]"
    assert (specs(store), held(store)) == (["psynapse[matt]"], {"dull-lib": "1.0"})
    change(changer, Remove("psynapse[matt]"))
    assert (specs(store), held(store)) == ([], {})


def test_an_update_moves_the_libraries_and_nothing_else(changer: Changer, store: GenerationStore, offer: Offer):
    offer("shine-lib", "1.0")
    offer("dull-lib", "1.0")
    install(changer, "psynapse[shiny,matt]")
    offer("shine-lib", "1.1")
    offer("dull-lib", "1.1")
    assert install(changer, "psynapse[shiny]").after.id == 1
    install(changer, "psynapse[shiny]", upgrade=True)
    assert held(store) == {"dull-lib": "1.0", "shine-lib": "1.1"}


def test_what_the_base_pins_is_not_replaced_for_an_extra(changer: Changer, store: GenerationStore, offer: Offer):
    offer("host-lib", "2.0", requires=["numpy>=2"])
    offer("numpy", "2.0")
    with pytest.raises(DependencyConflict, match=r"psynapse is installed with numpy 1\.0 and does not replace it"):
        install(changer, "psynapse[fixed]")
    assert store.current().id == 0


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        ("psynapse", "is not one itself", "fixed, matt, shiny"),
        ("psynapse[none]", "has no extra 'none'", "there are: fixed, matt, shiny"),
        ("psynapse[desktop]", "is nothing for nodes", 'pip install "psynapse[desktop]"'),
    ],
)
def test_what_is_no_extra_for_nodes_is_refused(changer: Changer, spec: str, message: str, hint: str):
    with pytest.raises(BadRequirement, match=message) as caught:
        install(changer, spec)
    assert hint in caught.value.hint


def test_the_generation_depends_on_psynapse_and_not_on_its_server(
    changer: Changer, store: GenerationStore, offer: Offer, product_base: Base
):
    offer("shine-lib")
    after = install(changer, "psynapse[shiny]").after
    assert after.relies_on == (("gloss-lib", "1.0"), ("psynapse", "0.1.0"))
    assert degradation(after, product_base, store.folder_of(after.id)) == ""
