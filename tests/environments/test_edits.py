"""Edits of requirements: one place for each package, nothing else touched."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import locked, requirement

from psynapse.environments.edits import (
    Edit,
    Install,
    Rebuild,
    Remove,
    Rollback,
    dependents,
    describe,
    edited,
    known_name,
    summary,
)
from psynapse.environments.refusals import NotInstalled
from psynapse.environments.requirement import Requirement, parse_requirement

GIT = "git+https://example.com/user/scope-git"
names = st.sampled_from(["scope-a", "scope-b", "scope-c", "scope-d"])


def specs(requirements: tuple[Requirement, ...]) -> list[str]:
    return [one.spec for one in requirements]


def test_a_new_package_comes_last_and_a_known_one_keeps_its_place():
    first = edited((), Install(requirement("scope-a")))
    second = edited(first, Install(requirement("scope-b")))
    assert specs(edited(second, Install(requirement("scope-a>=2")))) == ["scope-a>=2", "scope-b"]


@given(wanted=st.lists(names), removed=names)
def test_every_package_is_there_once_and_removing_takes_away_that_one_alone(wanted: list[str], removed: str):
    requirements: tuple[Requirement, ...] = ()
    for name in wanted:
        requirements = edited(requirements, Install(requirement(name)))
    assert specs(requirements) == list(dict.fromkeys(wanted))
    if removed in wanted:
        left = edited(requirements, Remove(removed.upper().replace("-", "_")))
        assert specs(left) == [spec for spec in specs(requirements) if spec != removed]
    else:
        with pytest.raises(NotInstalled, match=removed):
            edited(requirements, Remove(removed))


def test_removing_what_is_not_there_says_what_is():
    with pytest.raises(NotInstalled) as caught:
        edited((requirement("scope-a"), requirement("scope-b")), Remove("scope-c"))
    assert caught.value.hint == "there are: scope-a, scope-b"
    with pytest.raises(NotInstalled) as caught:
        edited((), Remove("scope-c"))
    assert caught.value.hint == "none is installed"


def test_a_rebuild_changes_no_requirement():
    requirements = (requirement("scope-a"), requirement("scope-b"))
    assert edited(requirements, Rebuild()) == requirements


def test_a_repository_without_a_name_takes_the_place_of_the_same_one():
    there = replace(parse_requirement(GIT), name="scope-git", commit="1" * 40)
    again = edited((there, requirement("scope-b")), Install(parse_requirement(GIT)))
    assert len(again) == 2
    assert again[0].url == there.url


def test_a_bare_address_has_the_name_of_what_came_from_there():
    there = (requirement("scope-b"), replace(parse_requirement(GIT), name="scope-git"))
    assert known_name(there, parse_requirement(f"{GIT}@main")) == "scope-git"
    assert known_name(there, parse_requirement(f"{GIT}#subdirectory=other")) == ""
    assert known_name(there, parse_requirement("https://example.com/scope_b-1.0-py3-none-any.whl")) == ""
    assert known_name((), requirement("Scope.B")) == "scope-b"


@pytest.mark.parametrize(
    ("spec", "upgrade", "commit"),
    [(GIT, False, "1" * 40), (GIT, True, ""), (f"{GIT}@main", False, ""), (f"scope-git @ {GIT}", False, "1" * 40)],
)
def test_a_repository_moves_to_another_commit_only_when_asked_to(spec: str, upgrade: bool, commit: str):
    there = replace(parse_requirement(GIT), name="scope-git", commit="1" * 40)
    (again,) = edited((there,), Install(parse_requirement(spec), upgrade=upgrade))
    assert again.commit == commit


def test_extras_of_psynapse_add_up_and_are_removed_one_by_one():
    first = edited((requirement("scope-a"),), Install(requirement("psynapse[images]")))
    both = edited(first, Install(requirement("psynapse[data,images]")))
    assert specs(both) == ["scope-a", "psynapse[data,images]"]
    assert specs(edited(both, Remove("Psynapse[data]"))) == ["scope-a", "psynapse[images]"]
    assert specs(edited(first, Remove("psynapse[images]"))) == ["scope-a"]
    assert specs(edited(both, Remove("psynapse"))) == ["scope-a"]
    with pytest.raises(NotInstalled) as caught:
        edited(both, Remove("psynapse[web]"))
    assert caught.value.hint == "there are: scope-a, psynapse[data], psynapse[images]"


def test_dependents_are_found_at_any_distance_and_in_circles():
    there = [
        locked("a"),
        locked("b", needed_by=["c"]),
        locked("c", needed_by=["d", "b"]),
        locked("d", needed_by=["e"]),
        locked("e"),
    ]
    assert dependents(["b"], there) == {"b", "c", "d", "e"}
    assert dependents(["a"], there) == {"a"}
    assert dependents([], there) == set()
    assert dependents(["elsewhere"], there) == {"elsewhere"}


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (Install(requirement("scope-a>=1")), "install scope-a"),
        (Install(parse_requirement(GIT)), f"install {GIT}"),
        (Install(requirement("scope-a"), upgrade=True), "update scope-a"),
        (Install(requirement("psynapse[data,images]")), "install psynapse[data], psynapse[images]"),
        (Remove("scope-a"), "uninstall scope-a"),
        (Rollback(), "go back to the generation before"),
        (Rollback(4), "go back to generation 4"),
        (Rollback(0), "go back to the base alone"),
        (Rebuild(), "rebuild for the changed base"),
    ],
)
def test_edits_are_described_in_a_few_words(edit: Edit, text: str):
    assert describe(edit) == text


def test_a_summary_has_the_version_that_an_install_came_to():
    there = [locked("scope-a", "1.5"), locked("other", "2")]
    assert summary(Install(parse_requirement(GIT)), "scope-a", there) == "install scope-a 1.5"
    assert summary(Install(requirement("numpy")), "numpy", there) == "install numpy"
    assert summary(Remove("scope-a"), "", there) == "uninstall scope-a"
