"""Which schema a workflow means by a name."""

import json
from dataclasses import replace

import pytest

from psynapse.model.catalog import Catalog, LoadFailure
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Ref
from psynapse.model.packages import NodePackage
from psynapse.model.schema import NodeSchema, Origin


def schema(pack: str, name: str, origin: Origin = "user") -> NodeSchema:
    return NodeSchema(ref=Ref(f"{pack}/ops.py:{name}"), name=name, nodepack=pack, filepath="ops.py", origin=origin)


def failure(pack: str, name: str = "") -> LoadFailure:
    return LoadFailure(nodepack=pack, filepath=f"{pack}/ops.py", error_type="SyntaxError", message="m", name=name)


def unknown(catalog: Catalog, name: str) -> Diagnostic:
    found = catalog.resolve(name)
    assert isinstance(found, Diagnostic)
    assert found.code == "unknown-function"
    return found


def test_a_function_is_found_by_ref_and_by_a_unique_name():
    catalog = Catalog((schema("a", "add"), schema("a", "mul")))
    assert catalog.resolve("add") is catalog.schemas[0]
    assert catalog.resolve("a/ops.py:mul") is catalog.schemas[1]
    assert catalog[Ref("a/ops.py:mul")] is catalog.schemas[1]


def test_an_ambiguous_name_names_both_refs():
    found = Catalog((schema("a", "add"), schema("b", "add"))).resolve("add")
    assert isinstance(found, Diagnostic)
    assert found.code == "ambiguous-name"
    assert "a/ops.py:add" in found.message
    assert "b/ops.py:add" in found.message
    assert "a/ops.py:add" in found.hint


@pytest.mark.parametrize("origins", [("shipped", "user"), ("shipped", "package"), ("package", "user")])
def test_a_users_pack_comes_before_a_package_and_that_before_a_shipped_one(origins: tuple[Origin, Origin]):
    first, second = schema("a", "add", origins[0]), schema("b", "add", origins[1])
    assert Catalog((first, second)).resolve("add") is second
    assert Catalog((second, first)).resolve("add") is second
    assert Catalog((first, second)).resolve("a/ops.py:add") is first


def test_two_user_packs_are_ambiguous_even_beside_a_shipped_one():
    catalog = Catalog((schema("basic", "add", "shipped"), schema("a", "add"), schema("b", "add")))
    found = catalog.resolve("add")
    assert isinstance(found, Diagnostic)
    assert "basic" not in found.message


def test_an_unknown_function_comes_with_the_closest_names():
    finding = unknown(Catalog((schema("a", "multiply"), schema("a", "add"))), "multipy")
    assert finding.message == "no nodepack has a function 'multipy'"
    assert "did you mean multiply" in finding.hint


def test_a_name_like_no_other_comes_with_what_to_do():
    assert "install the nodepack" in unknown(Catalog((schema("a", "multiply"),)), "zzz").hint


def test_files_that_failed_to_load_and_may_have_the_function_are_named():
    failures = (failure("a"), failure("b"), failure("c", "add"), failure("d", "mul"))
    assert "a/ops.py, b/ops.py, c/ops.py" in unknown(Catalog((), failures), "add").hint
    assert "d/ops.py" not in unknown(Catalog((), failures), "add").hint


@pytest.mark.parametrize(("name", "named"), [("", True), ("add", True), ("mul", False)])
def test_of_a_ref_only_its_own_pack_and_function_are_named(name: str, named: bool):
    hint = unknown(Catalog((), (failure("a", name), failure("b", name))), "a/ops.py:add").hint
    assert ("a/ops.py" in hint) is named
    assert "b/ops.py" not in hint


@pytest.mark.parametrize("name", ["scope-hello/pipelines:blur", "hello_nodes/ops.py:wave"])
def test_a_node_of_a_package_that_is_switched_off_says_so_and_how_to_have_it_back(name: str):
    off = NodePackage(name="scope-hello", version="1", nodepacks=("hello_nodes",), disabled=True)
    found = unknown(Catalog(packages=(off,)), name)
    assert found.message == f"the package scope-hello, which has {name!r}, is disabled"
    assert "psynapse nodes enable scope-hello" in found.hint
    for other in ("wave", "other/ops.py:wave"):
        assert "disabled" not in unknown(Catalog(packages=(off,)), other).message
    assert "disabled" not in unknown(Catalog(packages=(replace(off, disabled=False),)), name).message


def test_a_ref_into_a_pack_that_lacks_an_extra_comes_with_the_command_that_adds_it():
    command = 'python -m pip install "psynapse[images]"'
    catalog = Catalog((), (replace(failure("images"), extra="images", hint=command),))
    assert unknown(catalog, "images/ops.py:blur_image").hint == command
    assert command not in unknown(catalog, "blur_image").hint


@pytest.mark.timeout(20)
def test_one_unknown_name_in_a_hundred_thousand_nodes_and_a_huge_name_are_quick():
    catalog = Catalog(tuple(schema("a", f"function_{index}") for index in range(300)))
    for _ in range(100_000):
        unknown(catalog, "funktion")
    assert len(unknown(catalog, "f" * 10_000_000).message) < 300


def test_a_failure_is_sent_as_json():
    assert json.loads(json.dumps(failure("a", "add").to_json())) == {
        "nodepack": "a",
        "filepath": "a/ops.py",
        "name": "add",
        "package": "",
        "error_type": "SyntaxError",
        "message": "m",
        "traceback": "",
        "hint": "",
        "extra": None,
    }
