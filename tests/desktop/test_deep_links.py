"""Links that lead from anywhere into the app."""

from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from psynapse.desktop.deep_links import LONGEST_LINK, MOST_PENDING, InstallLink, PendingLinks, parse_link
from psynapse.desktop.errors import BadDeepLink
from psynapse.environments.requirement import parse_requirement

INSTALL = "daydream-scope://install-node?package="
WILD = st.text(max_size=80) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))


@pytest.mark.parametrize(
    ("link", "package"),
    [
        (f"{INSTALL}my-node", "my-node"),
        (
            f"{INSTALL}git%2Bhttps%3A%2F%2Fexample.com%2Fuser%2Frepo.git",
            "git+https://example.com/user/repo.git",
        ),
        # Not every page encodes what it should; a plus stays one.
        (f"{INSTALL}git+https://example.com/user/repo.git@v1", "git+https://example.com/user/repo.git@v1"),
        (f"{INSTALL}my-node%3E%3D1.0&utm_source=mail", "my-node>=1.0"),
        ("daydream-scope://install-plugin?package=my-node", "my-node"),
        ("daydream-scope://install-node/?package=my-node", "my-node"),
        ("DAYDREAM-SCOPE://Install-Node?package=my-node", "my-node"),
        (
            f"{INSTALL}https%3A%2F%2Fexample.com%2Fu%2Fr%23subdirectory%3Dsub",
            "https://example.com/u/r#subdirectory=sub",
        ),
    ],
)
def test_a_link_names_the_package_for_the_form(link: str, package: str):
    assert parse_link(link) == InstallLink(package)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://example.com/?package=x",
        "daydream-scope://",
        "daydream-scope://uninstall-node?package=x",
        "daydream-scope://install-node",
        INSTALL,
        f"{INSTALL}%20%20",
        f"{INSTALL}a&package=b",
        f"{INSTALL}a#b",
        "daydream-scope://user@install-node?package=x",
        "daydream-scope://install-node:80?package=x",
        "daydream-scope://install-node/x?package=x",
        f"{INSTALL}--index-url%3Dhttps%3A%2F%2Fexample.com",
        f"{INSTALL}-e%20.",
        f"{INSTALL}x%0Ay",
        f"{INSTALL}x%00",
        f"{INSTALL}x%E2%80%AEy",
        f"{INSTALL}%FF",
        f"{INSTALL}x\ny",
        f"{INSTALL}x y",
        f"{INSTALL}https%3A%2F%2Fuser%3Asecret%40example.com%2Fu%2Fr",
        INSTALL + "a" * LONGEST_LINK,
        "daydream-scope://[install-node?package=x",
    ],
)
def test_a_link_that_could_do_harm_or_means_nothing_is_refused_with_a_hint(link: str):
    with pytest.raises(BadDeepLink) as refused:
        parse_link(link)
    assert refused.value.hint
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "local",
    ["/tmp/evil", "./evil", "../evil", "~/Downloads/evil", "file:///tmp/evil", "git+file:///tmp/evil", "C:\\evil"],
)
def test_a_link_cannot_name_anything_on_this_machine(local: str):
    with pytest.raises(BadDeepLink):
        parse_link(INSTALL + quote(local, safe=""))
    with pytest.raises(BadDeepLink):
        parse_link(f"{INSTALL}name%20%40%20{quote(local, safe='')}")


@settings(deadline=None)
@given(link=WILD | WILD.map(INSTALL.__add__) | WILD.map(lambda text: INSTALL + quote(text, safe="")))
@example(link=INSTALL + quote("a @ ~nobody/x", safe=""))
def test_whatever_a_link_says_it_is_refused_or_something_that_the_form_would_take(link: str):
    try:
        package = parse_link(link).package
    except BadDeepLink:
        return
    assert package == package.strip()
    assert package.isprintable()
    assert not package.startswith("-")
    assert parse_requirement(package).source != "local"


@settings(deadline=None)
@given(name=st.from_regex(r"[a-z][a-z0-9]{0,20}(-[a-z0-9]{1,8}){0,2}", fullmatch=True))
def test_every_name_of_an_index_arrives_as_it_was(name: str):
    assert parse_link(INSTALL + quote(name, safe="")) == InstallLink(name)


def test_pending_links_are_taken_once_in_order_and_none_twice():
    links = PendingLinks()
    for name in ("a", "b", "a"):
        links.add(InstallLink(name))
    assert links.take() == (InstallLink("b"), InstallLink("a"))
    assert links.take() == ()


def test_a_flood_of_links_leaves_the_newest():
    links = PendingLinks()
    for number in range(1_000):
        links.add(InstallLink(f"node-{number}"))
    kept = links.take()
    assert len(kept) == MOST_PENDING
    assert kept[-1] == InstallLink("node-999")


def test_links_that_a_page_took_just_before_it_went_wait_for_the_next_one(monkeypatch: pytest.MonkeyPatch):
    pending = PendingLinks()
    for package in ("one", "two"):
        pending.add(InstallLink(package))
    pending.take()
    pending.add(InstallLink("three"))
    pending.take_back()
    assert [link.package for link in pending.take()] == ["one", "two", "three"]
    monkeypatch.setattr("psynapse.desktop.deep_links._JUST_NOW", 0.0)
    pending.take_back()
    assert pending.take() == ()


def test_links_that_are_taken_back_are_not_doubled():
    pending = PendingLinks()
    for _ in range(3):
        pending.add(InstallLink("one"))
        pending.take()
    pending.add(InstallLink("one"))
    pending.take_back()
    pending.take_back()
    assert pending.take() == (InstallLink("one"),)
