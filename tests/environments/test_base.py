import sys
from pathlib import Path

import pytest
from base_environment import make_base
from package_project import build_wheel, make_package

from psynapse.environments.base import Base, BaseUnreadable, Distribution, installed_in, parse_version, read_base


def base_of(*distributions: Distribution, python: str = "/python") -> Base:
    held = {one.name: one for one in distributions}
    return Base(python=python, version="3.11", site_dirs=(), distributions=held)


def have(name: str, version: str = "1.0", *requires: str, url: str = "") -> Distribution:
    return Distribution(
        name=name, version=version, requires=requires, location=Path(), direct_url={"url": url} if url else None
    )


def test_the_base_of_this_process_holds_what_it_runs_on():
    base = read_base()
    assert base.python == sys.executable
    assert base.version == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert {"psynapse", "pydantic", "pydantic-core", "orjson", "packaging"} <= base.pins().keys()
    assert "fastapi" in base.preferences()
    assert not base.pins().keys() & base.preferences().keys()
    assert base.pins().keys() | base.preferences().keys() == base.distributions.keys()
    assert Path(base.distributions["packaging"].location) in base.site_dirs


def test_another_interpreter_says_what_it_has(tmp_path: Path, hermetic: Path):
    wheel = build_wheel(make_package(tmp_path, "Torch", "2.13.0+cpu", requires=["numpy>=2"]))
    base = make_base(tmp_path, [wheel])
    assert base.pins() == {"torch": "2.13.0+cpu"}
    assert base.distributions["torch"].requires == ("numpy>=2",)
    assert base.version == read_base().version


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/false", "/bin/echo"])
def test_what_is_no_python_is_refused(python: str):
    with pytest.raises(BaseUnreadable, match="does not say what is installed"):
        read_base(python)


def test_user_site_packages_belong_to_the_base_where_they_are_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("site.ENABLE_USER_SITE", True)
    monkeypatch.setattr("site.getusersitepackages", lambda: str(tmp_path))
    assert tmp_path in read_base().site_dirs
    monkeypatch.setattr("site.ENABLE_USER_SITE", False)
    assert tmp_path not in read_base().site_dirs


def test_odd_metadata_is_read_as_far_as_it_goes(tmp_path: Path):
    metadata = {
        "Good_Name-1.0.dist-info/METADATA": "Name: Good_Name\nVersion: 1.0\nRequires-Dist: a\n\nRequires-Dist: b\n",
        "Good_Name-1.0.dist-info/direct_url.json": '{"url": "file:///x"}',
        "torn-1.0.dist-info/METADATA": "Name: torn\nVersion: 1.0\n",
        "torn-1.0.dist-info/direct_url.json": '{"url"',
        "listed-1.0.dist-info/METADATA": "Name: listed\nVersion: 1.0\n",
        "listed-1.0.dist-info/direct_url.json": "[]",
        "left_behind-1.0.dist-info/RECORD": "",
        "unnamed-1.0.dist-info/METADATA": "Version: 1.0\n",
        "old-1.0.egg-info/PKG-INFO": "Name: old\nVersion: 1.0\n",
    }
    for name, text in metadata.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = installed_in(tmp_path)
    assert found.keys() == {"good-name", "torn", "listed", "old"}
    assert found["good-name"].requires == ("a",)
    assert found["good-name"].direct_url == {"url": "file:///x"}
    assert found["torn"].direct_url is None
    assert found["listed"].direct_url is None


def test_of_two_with_one_name_the_first_on_the_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for folder, version in (("first", "1.0"), ("second", "2.0")):
        info = tmp_path / folder / "twice.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: Twice\nVersion: {version}\n")
    monkeypatch.setattr("site.ENABLE_USER_SITE", False)
    monkeypatch.setattr("site.getsitepackages", lambda: [str(tmp_path / one) for one in ("first", "second", "gone")])
    base = read_base()
    assert base.site_dirs == (tmp_path / "first", tmp_path / "second")
    assert [one.version for one in base.distributions.values()] == ["1.0"]


def test_fingerprints_change_with_what_they_are_of():
    base = base_of(have("a"), have("b"))
    assert base.fingerprint() == base_of(have("b"), have("a")).fingerprint()
    assert base.fingerprint() != base_of(have("a"), have("b", "2.0")).fingerprint()
    assert base.fingerprint() != base_of(have("a"), have("b", url="file:///b")).fingerprint()
    assert base.fingerprint() != base_of(have("a"), have("b"), python="/other").fingerprint()
    of_a = base.closure_fingerprint(["a"])
    assert of_a == base_of(have("a"), have("b", "2.0")).closure_fingerprint(["a", "a"])
    assert of_a != base_of(have("b")).closure_fingerprint(["a"])


def test_a_closure_follows_what_applies_to_this_python():
    base = base_of(
        have("a", "1.0", "b>=1", "c; python_version < '3'", "d; extra == 'more'", "not a requirement", "missing"),
        have("b", "1.0", "a", "E.e"),
        have("c"),
        have("d"),
        have("e-e"),
    )
    assert base.closure(["a", "nowhere"]) == {"a", "b", "e-e"}


def test_what_the_server_alone_needs_is_not_pinned():
    base = base_of(
        have("psynapse", "0.1", "fastapi", "pydantic"),
        have("fastapi", "1.0", "pydantic"),
        have("pydantic", "2.9", "pydantic-core==2.0"),
        have("pydantic-core", "2.0"),
        have("numpy", "2.1"),
    )
    assert base.pins() == {"numpy": "2.1", "psynapse": "0.1", "pydantic": "2.9", "pydantic-core": "2.0"}
    assert base.preferences() == {"fastapi": "1.0"}


def test_versions_of_long_ago_are_no_versions():
    assert parse_version("1.0+cpu") is not None
    assert parse_version("my-own-1.x") is None
