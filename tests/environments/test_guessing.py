"""What is asked for is installed before it is resolved; where there is something to resolve, that decides."""

import asyncio
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from asking import Offer
from counting import Counting
from stored import locked, make_generation

from psynapse.environments.base import Base
from psynapse.environments.building import Building
from psynapse.environments.choosing import Choice, choose
from psynapse.environments.edits import Edit, Install, Rebuild, Remove, Rollback
from psynapse.environments.errors import EnvironmentsError
from psynapse.environments.generation import BASE_ALONE
from psynapse.environments.guessing import Guessed, choose_at_once, guess, guessable, is_begun, is_right
from psynapse.environments.locked import HeldBack
from psynapse.environments.overlay import Overlay
from psynapse.environments.probing import WorkerProbe
from psynapse.environments.requirement import parse_requirement
from psynapse.environments.resolution import Resolution
from psynapse.environments.store import GenerationStore
from psynapse.environments.transaction import Changer
from psynapse.environments.waiting import beside


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


def installed(folder: Path, name: str, version: str) -> Distribution:
    """A distribution that is nothing but its metadata."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return Distribution.at(info)


def what_counts(choice: Choice) -> object:
    """All that a generation is made from."""
    return choice.resolution.requirements, choice.resolution.locked, choice.summary, choice.fresh


def versions(store: GenerationStore, base: Base, number: int) -> dict[str, str]:
    found = Overlay(store.folder_of(number), base.version).distributions()
    return {name: one.version for name, one in found.items()}


def test_where_the_base_has_all_that_is_required_uv_runs_once(
    offer: Offer, changer: Changer, uv: Counting, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("psynapse.environments.guessing._PATIENCE_SECONDS", 60.0)
    offer("scope-a", requires=["pydantic>=2", "orjson; python_version > '3'", "nothing-there; python_version < '3'"])
    assert install(changer, "scope-a") == (1, {"scope-a": "1.0"})
    assert uv.runs == [("pip", False)]


def test_what_else_is_needed_is_added_to_what_was_guessed(
    offer: Offer, changer: Changer, uv: Counting, store: GenerationStore, base: Base
):
    offer("helper-lib")
    offer("scope-a", requires=["helper-lib"])
    number, found = install(changer, "scope-a")
    assert found == versions(store, base, number) == {"helper-lib": "1.0", "scope-a": "1.0"}


def test_a_wrong_guess_leaves_nothing_behind(offer: Offer, changer: Changer, store: GenerationStore, base: Base):
    offer("scope-a", "1.0")
    offer("scope-a", "2.0", requires=["pydantic<2"], files={"only_in_two.py": ""})
    number, found = install(changer, "scope-a")
    assert (number, found) == (1, {"scope-a": "1.0"})
    assert versions(store, base, 1) == {"scope-a": "1.0"}
    assert not (Overlay(store.folder_of(1), base.version).site / "only_in_two.py").exists()


def test_a_guess_that_cannot_be_had_is_none(uv: Counting, base: Base, tmp_path: Path):
    building = Building(uv=uv, base=base, folder=tmp_path / "1", locked=())
    building.folder.mkdir()
    assert asyncio.run(guess(building, parse_requirement("scope-nowhere"))) == {}
    assert asyncio.run(guess(building, None)) == {}


def test_a_download_of_what_was_not_chosen_is_not_waited_for():
    async def download() -> Guessed:
        await asyncio.sleep(60)
        return {}

    async def held_back() -> tuple[HeldBack, ...]:
        await asyncio.sleep(0)
        return (HeldBack(name="scope-a", version="1.0", newest="2.0", because=("torch",)),)

    async def story() -> bool:
        resolution = Resolution(requirements=(), locked=(locked("scope-a"),), find_held_back=held_back)
        async with beside(download()) as guessing:
            return await is_begun(guessing, Choice(resolution=resolution, summary=""))

    assert not asyncio.run(story())


def test_what_takes_long_is_resolved_meanwhile(base: Base):
    async def download() -> Guessed:
        await asyncio.sleep(60)
        return {}

    async def choose() -> Choice | None:
        async with beside(download()) as guessing:
            return await choose_at_once(guessing, Install(parse_requirement("scope-a")), base, BASE_ALONE)

    assert asyncio.run(choose()) is None


SHAPES = {
    "nothing required": [],
    "a pin": ["pydantic>=2,<3"],
    "what pins require": ["pydantic", "typing-extensions", "packaging"],
    "psynapse": ["psynapse"],
    "a preference": ["rich"],
    "another version": ["rich<1"],
    "an extra": ["httpx[http2]"],
    "not there": ["helper-lib"],
    "of another generation": ["scope-first"],
    "a marker": ["helper-lib; python_version < '3'", "orjson; python_version > '3'"],
    "an extra of its own": ["helper-lib; extra == 'more'"],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spec", ["scope-a", "scope-a[more]", "scope-a<2", "Scope_A==1.0"])
def test_what_is_chosen_at_once_is_what_resolving_comes_to(
    shape: str, spec: str, offer: Offer, store: GenerationStore, base: Base, uv: Counting
):
    """Never another choice: where it is doubtful, none."""
    for name in ("rich", "helper-lib", "scope-first"):
        offer(name, "0.9" if name == "rich" else "1.0")
    for version in ("0.5", "1.0", "1.1b1"):
        offer("scope-a", version, requires=SHAPES[shape], extras={"more": ["helper-lib"]})
    edit, before = Install(parse_requirement(spec)), make_generation(1, "scope-first")

    async def choices() -> tuple[Choice | None, Choice]:
        folder = store.folder / "2"
        folder.mkdir(parents=True)
        building = Building(uv=uv, base=base, folder=folder, locked=())
        async with beside(guess(building, edit.requirement)) as guessing:
            await guessing
            at_once = await choose_at_once(guessing, edit, base, before)
        return at_once, await choose(uv, base, before, edit)

    try:
        at_once, chosen = asyncio.run(choices())
    except EnvironmentsError:
        # That nothing fits was found by resolving: the guess has left it to that.
        return
    decided = shape in {"nothing required", "a pin", "what pins require", "a marker", "psynapse"} and "more" not in spec
    assert (at_once is not None) >= decided
    if at_once:
        assert what_counts(at_once) == what_counts(chosen)


@pytest.mark.parametrize(
    "edit",
    [
        Remove("scope-a"),
        Rebuild(),
        Rollback(),
        Install(parse_requirement("scope-a")),
        Install(parse_requirement("pydantic")),
        Install(parse_requirement("rich")),
        Install(parse_requirement("scope-b"), pre=True),
        Install(parse_requirement("scope-b @ https://example.org/scope_b-1.0-py3-none-any.whl")),
        Install(parse_requirement("git+https://example.org/scope-b")),
        Install(parse_requirement("psynapse[images]")),
    ],
)
def test_what_is_there_or_has_an_address_is_not_guessed(edit: Edit, base: Base):
    assert guessable(edit, base, make_generation(1, "scope-a")) is None


def test_a_new_package_of_an_index_is_guessed(base: Base):
    wanted = parse_requirement("scope-b>=1")
    assert guessable(Install(wanted), base, BASE_ALONE) == wanted


def test_a_guess_is_right_when_all_of_it_was_chosen(tmp_path: Path):
    chosen = (locked("scope-a"), locked("scope-b"))
    assert is_right({"scope-a": installed(tmp_path, "scope-a", "1.0")}, chosen)
    assert not is_right({"scope-a": installed(tmp_path, "scope-a", "1.1")}, chosen)
    assert not is_right({"scope-c": installed(tmp_path, "scope-c", "1.0")}, chosen)
    assert not is_right({}, chosen)
