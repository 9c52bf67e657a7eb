"""A manifest gives back the generation it was written for, and nothing else is one."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stored import locked, make_generation

from psynapse.environments.generation import BASE_ALONE, read_manifest, write_manifest
from psynapse.environments.requirement import parse_requirement

FULL = replace(
    make_generation(7, "scope-hello", "scope-other", parent=3),
    requirements=(
        parse_requirement("scope-hello[video]>=1 ; python_version > '3'"),
        replace(parse_requirement("git+https://example.com/user/it@main#subdirectory=a"), name="it", commit="0" * 40),
    ),
    locked=(replace(locked("it", needed_by=("scope-hello",)), source="git", commit="0" * 40),),
    relies_on=(("numpy", "2.0"),),
    base="digest",
    closure="other",
    merged=True,
)


def test_a_manifest_gives_back_its_generation():
    for generation in (BASE_ALONE, FULL):
        assert read_manifest(write_manifest(generation).encode()) == generation


def test_what_a_later_version_adds_is_left_out():
    content = {**json.loads(write_manifest(FULL)), "colour": "green"}
    assert read_manifest(json.dumps(content).encode()) == FULL


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{}", b"{", b"\xff", b'{"id": "x"}', b'{"id": null}'])
def test_something_else_is_no_manifest(content: bytes):
    with pytest.raises(ValueError, match=r"."):
        read_manifest(content)


@given(cut=st.integers(0, 5_000))
def test_a_manifest_that_was_cut_short_is_none(cut: int):
    whole = write_manifest(FULL).encode().rstrip()
    with pytest.raises(ValueError, match=r"."):
        read_manifest(whole[: cut % len(whole)])


@pytest.mark.parametrize("field", ["id", "parent", "requirements", "locked", "relies_on", "python", "merged"])
@pytest.mark.parametrize("value", [None, {"a": 1}, [[[]]], 1.5])
def test_a_field_that_holds_something_else_is_refused(field: str, value: Any):
    with pytest.raises(ValueError, match=r"."):
        read_manifest(json.dumps({**json.loads(write_manifest(FULL)), field: value}).encode())
