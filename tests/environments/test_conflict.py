"""What uv 0.13 says, read: each text was printed by a real one for packages made to be in each other's way."""

import pytest

from psynapse.environments.conflict import Surroundings, explain_conflict
from psynapse.environments.errors import AddressConflict, DependencyConflict, RequirementNotFound, UvFailed
from psynapse.environments.requirement import parse_requirement

NO_SOLUTION = "error: No solution found when resolving dependencies\n  cause: "
SEVERAL_VERSIONS = """Because only torch>=2.9 is available and versions<=1.0 depends on torch<2.9, we can conclude \
that versions<=1.0 cannot be used.
         And because only the following versions of versions are available:
             versions<=1.0
             versions>=1.1
         we can conclude that versions<1.1 cannot be used. (1)

         Because only torch>=2.8 is available and versions>=1.1 depends on torch<2.8, we can conclude that \
versions>=1.1 cannot be used.
         And because we know from (1) that versions<1.1 cannot be used, we can conclude that all versions of versions \
cannot be used.
         And because you require versions, we can conclude that your requirements are unsatisfiable."""
EITHER = """Because all versions of picky depend on one of:
             helper-lib<1
             helper-lib>=3
         and all versions of wants-two depend on helper-lib>=2,<3, we can conclude that picky and wants-two are \
incompatible.
         And because you require picky and wants-two, we can conclude that your requirements are unsatisfiable."""


def explained(said: str, *asked: str, pins: dict[str, str] | None = None) -> DependencyConflict | RequirementNotFound:
    requirements = [parse_requirement(one) for one in asked]
    surroundings = Surroundings(asked=requirements, pins=pins or {"torch": "2.13.0+cpu"}, python="3.11")
    return explain_conflict(UvFailed("failed", stderr=NO_SOLUTION + said, exit_code=1), surroundings)


def test_every_range_of_versions_is_told_with_the_pin_against_it():
    conflict = explained(SEVERAL_VERSIONS, "versions")
    assert conflict.message == (
        "No set of versions fits: versions<=1.0 needs torch<2.9, but psynapse is installed with torch 2.13.0+cpu and "
        "does not replace it; versions>=1.1 needs torch<2.8, but psynapse is installed with torch 2.13.0+cpu and does "
        "not replace it"
    )


def test_alternatives_are_told_as_alternatives():
    conflict = explained(EITHER, "picky", "wants-two")
    assert "picky needs helper-lib<1 or >=3" in conflict.message
    assert "wants-two needs helper-lib>=2,<3" in conflict.message


def test_an_alternative_that_a_pin_meets_is_no_fault():
    said = "Because all versions of a depend on one of: torch<1 torch>=2 and all versions of a depend on b<1, b is bad."
    conflict = explained(said, "a", "b>=1")
    assert "torch" not in conflict.message
    assert "a needs b<1; what you asked for requires b>=1" in conflict.message


def test_a_specifier_that_cannot_be_read_blames_nobody():
    conflict = explained("Because all versions of a depend on torch==nonsense, a cannot be used.", "a", "b")
    assert isinstance(conflict, DependencyConflict)
    assert conflict.message == "No set of versions fits: a and b cannot be had together"
    assert conflict.culprits == ()


def test_a_proof_that_cannot_be_read_still_names_what_was_asked_for():
    conflict = explained("Something quite new happened.", "a", "b", "c")
    assert conflict.message == "No set of versions fits: a, b and c cannot be had together"
    assert isinstance(conflict, DependencyConflict)
    assert "Something quite new" in conflict.explanation
    assert "what you asked for cannot be had" in explained("Something quite new happened.", "https://h/u/r").message


def test_a_long_proof_is_cut():
    needs = " ".join(f"Because all versions of p{number} depend on torch<1.{number}, no." for number in range(1, 10))
    message = explained(needs, "p1").message
    assert message.count("needs") == 6
    assert message.endswith("and more, as uv explains")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            "Because there is no version of helper-lib==9 and you require helper-lib==9, we can conclude that no.",
            "what you asked for is helper-lib==9, which no index has",
        ),
        (
            "Because gone was not found in the package registry and all versions of a depend on gone>=1, so no.",
            "a needs gone>=1, which no index has",
        ),
    ],
)
def test_what_is_missing_is_said_with_who_wants_it(said: str, message: str):
    missing = explained(said, "a")
    assert isinstance(missing, RequirementNotFound)
    assert missing.message == message
    assert missing.exit_code == 1


def test_a_version_of_a_pin_that_no_index_has_is_the_pins_matter():
    said = "Because there is no version of torch==2.8.0 and all versions of a depend on torch==2.8.0, no."
    conflict = explained(said, "a")
    assert isinstance(conflict, DependencyConflict)
    assert "a needs torch==2.8.0, but psynapse is installed with torch 2.13.0+cpu" in conflict.message


def test_addresses_that_exclude_each_other_are_listed():
    said = "Requirements contain conflicting URLs for package `helper`:\n         - git+file:///a\n         - git+file:///b"
    conflict = explained(said, "a")
    assert isinstance(conflict, AddressConflict)
    assert conflict.addresses == ("git+file:///a", "git+file:///b")
    assert "different addresses" in conflict.message
    pinned = explained(said, "a", pins={"helper": "1.0"})
    assert "psynapse is installed with helper 1.0" in pinned.message
