"""Importing node packages: what each brings, and that what one does wrong is its failure alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from installed_packages import COLOUR, INVERT, write_package
from package_bench import load_one, loaded

from psynapse.catalog.packages import LoadedPackages
from psynapse.catalog.registry import load_registry
from psynapse.model.packages import DisabledPackage, LoadFailure, NodePackage


def package(found: LoadedPackages, name: str) -> NodePackage:
    return next(package for package in found.packages if package.name == name)


def only_failure(found: LoadedPackages, name: str) -> LoadFailure:
    (failure,) = package(found, name).failures
    assert failure.package == failure.nodepack == name
    return failure


def test_a_module_as_entry_point_registers_its_pipelines(site: Path):
    write_package(site, "scope-colour", {"colours/__init__.py": COLOUR}, Summary="Colours", Author="Ada")
    found = package(loaded(site), "scope-colour")
    assert (found.version, found.summary, found.author, found.failures) == ("1.0", "Colours", "Ada", ())
    assert [(info.id, info.name, info.package) for info in found.pipelines] == [("colour", "Colour", "scope-colour")]


@pytest.mark.parametrize("target", ["plugin:plugin", "plugin:Plugin", "plugin:inner.plugin"])
def test_an_object_a_class_or_something_inside_may_be_the_entry_point(site: Path, target: str):
    source = COLOUR.replace("@hookimpl\ndef register_pipelines(register)", "@hookimpl\ndef _unused(register)")
    source += """
class Plugin:
    @hookimpl
    def register_pipelines(self, register):
        register(Colour)

class inner:
    plugin = Plugin()

plugin = Plugin()
"""
    source = source.replace("@hookimpl\ndef _unused", "def _unused")
    write_package(site, "plugged", {"plugin.py": source}, {"any-name": target})
    assert [info.id for info in package(loaded(site), "plugged").pipelines] == ["colour"]


def test_a_package_that_registers_nothing_is_installed_all_the_same(site: Path):
    found = package(load_one(site, "silent", "VALUE = 1\n"), "silent")
    assert (found.pipelines, found.node_types, found.failures) == ((), (), ())


def test_each_hook_is_called_once(site: Path):
    source = """
    from psynapse import hookimpl
    calls = []

    @hookimpl
    def register_pipelines(register):
        calls.append("pipelines")

    @hookimpl
    def register_nodes(register):
        calls.append("nodes")
        if calls != ["pipelines", "nodes"]:
            raise AssertionError(calls)
    """
    assert package(load_one(site, "counting", source), "counting").failures == ()


BAD = {
    "raises": ("raise ValueError('no')", "ValueError", "no"),
    "exits": ("import sys\nsys.exit(3)", "SystemExit", "ends the program"),
    "misses": ("import not_there_at_all", "ModuleNotFoundError", "not_there_at_all"),
    "syntax": ("def (:", "SyntaxError", "invalid syntax"),
    "hook": (
        "from scope.core import hookimpl\n@hookimpl\ndef register_pipelines(register):\n    raise KeyError('hook')",
        "KeyError",
        "hook",
    ),
    "arguments": (
        "from scope.core import hookimpl\n@hookimpl\ndef register_nodes(register, more):\n    pass",
        "PluginValidationError",
        "more",
    ),
    "part": ("from scope.core.nothing import x", "ModuleNotFoundError", "scope.core.nothing"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_a_package_does_wrong_is_its_own_failure_and_the_others_stay(site: Path, case: str):
    source, kind, words = BAD[case]
    write_package(site, "a-good", {"a_good.py": COLOUR})
    write_package(site, "bad", {"bad.py": source})
    write_package(site, "z-good", {"z_good.py": INVERT})
    found = loaded(site)
    failure = only_failure(found, "bad")
    assert failure.error_type == kind
    assert words in failure.message
    assert [info.id for item in found.packages for info in item.pipelines] == ["colour", "invert"]


def test_the_traceback_of_a_failure_begins_in_the_package(site: Path):
    source = {"deep/__init__.py": "from deep import inner\n", "deep/inner.py": "def f():\n    1 / 0\n\nf()\n"}
    write_package(site, "deep", source)
    lines = only_failure(loaded(site), "deep").traceback.splitlines()
    assert "deep/__init__.py" in lines[1]
    assert "psynapse" not in "".join(lines)
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_a_module_that_is_missing_is_named_in_the_hint(site: Path):
    assert (
        "wants needs missing_library"
        in only_failure(load_one(site, "wants", "import missing_library.part"), "wants").hint
    )


def test_two_entry_points_in_one_distribution_are_refused_with_a_reason(site: Path):
    write_package(site, "double", {"double.py": COLOUR}, {"one": "double", "two": "double"})
    failure = only_failure(loaded(site), "double")
    assert "2 entry points" in failure.message
    assert "one, two" in failure.message


def test_two_distributions_with_the_same_entry_point_name_both_load(site: Path):
    write_package(site, "first", {"first.py": COLOUR}, {"same": "first"})
    write_package(site, "second", {"second.py": INVERT}, {"same": "second"})
    assert [info.id for item in loaded(site).packages for info in item.pipelines] == ["colour", "invert"]


def test_an_id_that_is_taken_is_refused_and_both_owners_are_named(site: Path):
    write_package(site, "first", {"first.py": COLOUR})
    write_package(site, "second", {"second.py": COLOUR})
    found = loaded(site)
    assert [info.package for item in found.packages for info in item.pipelines] == ["first"]
    failure = only_failure(found, "second")
    assert failure.name == "Colour"
    assert "'colour'" in failure.message
    assert "second" in failure.message
    assert "first" in failure.message


def test_the_same_class_registered_twice_is_registered_once(site: Path):
    source = COLOUR + "    register(Colour)\n\n@hookimpl\ndef register_nodes(register):\n    register(Colour)\n"
    found = package(load_one(site, "eager", source), "eager")
    assert [info.id for info in found.pipelines] == ["colour"]
    assert found.failures == ()


def test_a_class_that_cannot_be_registered_does_not_keep_the_others_from_being(site: Path):
    source = COLOUR.replace("    register(Colour)", "    register(dict)\n    register(7)\n    register(Colour)")
    found = package(load_one(site, "mixed", source), "mixed")
    assert [info.id for info in found.pipelines] == ["colour"]
    assert [failure.error_type for failure in found.failures] == ["InvalidPackage", "InvalidPackage"]


def test_packages_are_announced_before_they_are_imported_and_skipped_ones_are_not_imported(site: Path):
    write_package(site, "a", {"a_module.py": COLOUR})
    write_package(site, "b", {"b_module.py": "raise AssertionError('imported')"})
    announced: list[str] = []
    found = loaded(site, ["b"], announced)
    assert announced == ["a"]
    assert "was not imported" in only_failure(found, "b").message


def test_a_package_that_is_switched_off_is_listed_without_a_failure_and_never_imported(site: Path):
    write_package(site, "a", {"a_module.py": COLOUR})
    write_package(site, "b", {"b_module.py": "raise AssertionError('imported')"}, Summary="Sleeps")
    announced: list[str] = []
    found = loaded(site, (), announced, [DisabledPackage("b", ("b_nodes",)), DisabledPackage("gone")])
    assert announced == ["a"]
    off = package(found, "b")
    assert (off.disabled, off.summary, off.nodepacks, off.failures) == (True, "Sleeps", ("b_nodes",), ())
    assert [one.name for one in found.packages if not one.disabled] == ["a"]
    assert (found.nodepacks, len(found.operations)) == ([], 1)


def test_metadata_that_cannot_be_read_costs_only_its_package(site: Path):
    info = write_package(site, "torn", {"torn.py": COLOUR})
    (info / "METADATA").unlink()
    write_package(site, "whole", {"whole.py": INVERT})
    found = loaded(site)
    assert package(found, "torn").version == "1.0"
    assert [info.id for info in package(found, "whole").pipelines] == ["invert"]


def test_a_package_may_bring_nodepacks(site: Path, tmp_path: Path):
    source = """
    from pathlib import Path
    from psynapse import hookimpl

    @hookimpl
    def register_nodepacks(register):
        register(Path(__file__).parent / "packs")
        register(Path(__file__).parent / "nothing")
    """
    files = {
        "brings/__init__.py": source,
        "brings/packs/extra/ops.py": "def add(a: int, b: int) -> int:\n    return a + b\n",
    }
    write_package(site, "brings", files)
    found = loaded(site)
    assert package(found, "brings").nodepacks == ("extra",)
    assert "is no nodepack" in only_failure(found, "brings").message
    catalog = load_registry([(tmp_path / "none", "user")], found).catalog
    assert [(schema.ref, schema.origin) for schema in catalog.schemas] == [("extra/ops.py:add", "package")]


def test_the_catalog_has_packages_and_their_failures_and_nodes(site: Path):
    write_package(site, "bad", {"bad.py": "1 / 0"})
    write_package(site, "good", {"good.py": COLOUR})
    registry = load_registry([], loaded(site))
    assert [item.name for item in registry.catalog.packages] == ["bad", "good"]
    assert [failure.package for failure in registry.catalog.failures] == ["bad"]
    assert list(registry.operations) == ["good/pipelines:colour"]
    assert registry.host is not None


def test_code_digests_change_with_a_version_and_for_a_folder_being_edited_with_its_source(site: Path):
    def code() -> str:
        return loaded(site).operations[0].schema.code

    info = write_package(site, "edited", {"edited/__init__.py": COLOUR})
    installed = code()
    (site / "edited" / "more.py").write_text("")
    assert code() == installed
    (info / "direct_url.json").write_text('{"url": "file:///x", "dir_info": {"editable": true}}')
    edited = code()
    (site / "edited" / "more.py").write_text("VALUE = 2\n")
    assert len({installed, edited, code()}) == 3


def test_a_failure_of_a_package_is_data(site: Path):
    failure = only_failure(load_one(site, "bad", "1 / 0"), "bad")
    assert replace(failure) == LoadFailure(**failure.to_json())  # pyright: ignore[reportArgumentType]
