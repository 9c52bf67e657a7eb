"""What is asked for is installed from the cache while it is resolved; what is chosen decides."""

import asyncio
from pathlib import Path

import pytest
from asking import Offer
from counting import Counting
from package_project import build_sdist
from stored import locked, make_generation

from psynapse.environments.base import Base
from psynapse.environments.building import Building
from psynapse.environments.edits import Edit, Install, Rebuild, Remove, Rollback
from psynapse.environments.generation import BASE_ALONE
from psynapse.environments.guessing import guess, guessable, is_right
from psynapse.environments.overlay import Overlay
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer


@pytest.fixture
def uv(store: GenerationStore, hermetic: Path) -> Counting:
    return Counting(store.folder / "cache")


@pytest.fixture
def changer(store: GenerationStore, base: Base, uv: Counting) -> Changer:
    return Changer(store, base, uv, WorkerProbe())


def install(changer: Changer, spec: str) -> tuple[int, dict[str, str]]:
    """Number and versions of the generation that it comes to."""
    after = asyncio.run(changer.change(Install(parse_requirement(spec)))).after
    return after.id, {one.name: one.version for one in after.locked}


def put_into_cache(uv: Counting, line: str, folder: Path) -> None:
    asyncio.run(uv.run(["pip", "install", "--no-deps", "--target", str(folder), line]))


def versions(store: GenerationStore, base: Base, number: int) -> dict[str, str]:
    found = Overlay(store.folder_of(number), base.version).distributions()
    return {name: one.version for name, one in found.items()}


def test_what_the_cache_has_is_installed_once(offer: Offer, changer: Changer, uv: Counting, base: Base):
    offer("scope-a")
    assert install(changer, "scope-a")[0] == 1
    # Not in the cache, and then neither for the generation: it was fetched.
    assert [run for run in uv.runs if run[0] == "pip"].count(("pip", True)) >= 2
    asyncio.run(changer.change(Rollback(0)))
    uv.runs.clear()
    number, found = install(changer, "scope-a")
    assert (number, found) == (2, {"scope-a": "1.0"})
    # Choosing, guessing, and looking whether it could be newer.
    assert len(uv.runs) == 3


def test_what_else_is_needed_is_added_to_what_was_guessed(
    offer: Offer, changer: Changer, uv: Counting, store: GenerationStore, base: Base, tmp_path: Path
):
    offer("helper-lib")
    offer("scope-a", requires=["helper-lib"])
    put_into_cache(uv, "scope-a", tmp_path / "target")
    number, found = install(changer, "scope-a")
    assert found == versions(store, base, number) == {"helper-lib": "1.0", "scope-a": "1.0"}


def test_a_wrong_guess_leaves_nothing_behind(
    offer: Offer, changer: Changer, uv: Counting, store: GenerationStore, base: Base, tmp_path: Path
):
    offer("scope-a", "1.0")
    offer("scope-a", "2.0", requires=["pydantic<2"], files={"only_in_two.py": ""})
    put_into_cache(uv, "scope-a==2.0", tmp_path / "target")
    number, found = install(changer, "scope-a")
    assert (number, found) == (1, {"scope-a": "1.0"})
    assert versions(store, base, 1) == {"scope-a": "1.0"}
    assert not (Overlay(store.folder_of(1), base.version).site / "only_in_two.py").exists()


def test_a_guess_runs_nobodys_code(uv: Counting, base: Base, offer: Offer, tmp_path: Path):
    ran = tmp_path / "ran"
    offer("scope-a", build=build_sdist, ran=ran)
    put_into_cache(uv, "scope-a", tmp_path / "target")
    ran.unlink()
    building = Building(uv=uv, base=base, folder=tmp_path / "1", locked=())
    building.folder.mkdir()
    assert asyncio.run(guess(building, parse_requirement("scope-a"))) == {}
    assert not ran.exists()


@pytest.mark.parametrize(
    "edit",
    [
        Remove("scope-a"),
        Rebuild(),
        Rollback(),
        Install(parse_requirement("scope-a")),
        Install(parse_requirement("scope-b"), pre=True),
        Install(parse_requirement("scope-b @ https://example.org/scope_b-1.0-py3-none-any.whl")),
        Install(parse_requirement("git+https://example.org/scope-b")),
        Install(parse_requirement("psynapse[images]")),
    ],
)
def test_what_is_there_or_has_an_address_is_not_guessed(edit: Edit):
    assert guessable(edit, make_generation(1, "scope-a")) is None


def test_a_new_package_of_an_index_is_guessed():
    wanted = parse_requirement("scope-b>=1")
    assert guessable(Install(wanted), BASE_ALONE) == wanted


def test_a_guess_is_right_when_all_of_it_was_chosen():
    chosen = (locked("scope-a"), locked("scope-b"))
    assert is_right({"scope-a": "1.0"}, chosen)
    assert not is_right({"scope-a": "1.1"}, chosen)
    assert not is_right({"scope-c": "1.0"}, chosen)
    assert not is_right({}, chosen)
