import time
from collections.abc import Callable
from pathlib import Path

import pytest

from psynapse.catalog.nodepacks import shipped_root
from psynapse.catalog.registry import Registry, load_registry
from psynapse.model.diagnostics import Diagnostic
from psynapse.model.ids import Ref

WriteFiles = Callable[[dict[str, str | bytes]], Path]

BROKEN = {
    "broken_init": "ValueError",
    "broken_sibling": "SyntaxError",
    "broken_syntax": "SyntaxError",
    "exits": "SystemExit",
    "missing_dependency": "ModuleNotFoundError",
    "raises": "RuntimeError",
}


def test_every_broken_file_is_one_failure_and_no_other_file_fails(misbehaving: Registry):
    found = {failure.nodepack: failure.error_type for failure in misbehaving.catalog.failures if not failure.name}
    assert found == BROKEN


def test_no_failure_hides_its_neighbours(misbehaving: Registry):
    packs = {schema.nodepack for schema in misbehaving.catalog.schemas}
    assert packs == {
        "clash_one",
        "clash_two",
        "coroutines",
        "hostile",
        "inconsiderate",
        "misbehaving",
        "missing_dependency",
        "odd_defaults",
        "odd_hints",
        "old_shapes",
        "options",
        "outputs",
        "passing",
        "precise",
        "prints",
        "siblings_one",
        "siblings_two",
        "slow",
        "v1.2-names",
        "with_init",
    }
    assert Ref("missing_dependency/stream_ops.py:Words") in misbehaving.operations


def test_a_failure_says_what_where_and_what_to_do(misbehaving: Registry):
    for failure in misbehaving.catalog.failures:
        assert failure.message
        assert failure.hint
        assert Path(failure.filepath).exists()


def test_each_schema_has_its_operation_under_its_ref(misbehaving: Registry):
    assert [schema.ref for schema in misbehaving.catalog.schemas] == list(misbehaving.operations)
    for ref, operation in misbehaving.operations.items():
        assert operation.schema is misbehaving.catalog[ref]
        assert ref == f"{operation.schema.nodepack}/{Path(operation.schema.filepath).name}:{operation.schema.name}"
        assert len(operation.schema.code) == 32


@pytest.mark.parametrize(
    ("ref", "kwargs", "result"),
    [
        ("clash_one/ops.py:add", {"a": 1, "b": 2}, 3),
        ("clash_two/ops.py:add", {"a": "1", "b": "2"}, "12"),
        ("with_init/ops.py:double", {"x": 4}, 8),
        ("v1.2-names/ops.py:dotted", {"x": 1}, 2),
    ],
)
def test_operations_call_what_the_file_defines(misbehaving: Registry, ref: str, kwargs: dict[str, int], result: object):
    assert misbehaving.operations[Ref(ref)].callee(**kwargs) == result


def test_a_name_that_two_packs_have_is_ambiguous_until_the_ref_is_given(misbehaving: Registry):
    finding = misbehaving.catalog.resolve("add")
    assert isinstance(finding, Diagnostic)
    assert finding.code == "ambiguous-name"
    assert "clash_one/ops.py:add" in finding.message
    assert "clash_two/ops.py:add" in finding.message
    assert misbehaving.catalog.resolve("clash_two/ops.py:add") is misbehaving.catalog[Ref("clash_two/ops.py:add")]


def test_the_users_nodes_come_first_then_packs_by_name_and_files_in_order(write_files: WriteFiles):
    function, node = "def b(): ...\ndef a(): ...\n", "class C:\n    def __call__(self): ...\n"
    root = write_files(
        {
            "shipped/a/ops.py": function,
            "mine/z/stream_ops.py": node,
            "mine/z/progress_ops.py": node,
            "mine/z/ops.py": function,
            "mine/y/ops.py": function,
        }
    )
    registry = load_registry([(root / "shipped", "shipped"), (root / "mine", "user")])
    assert list(registry.operations) == [
        "y/ops.py:b",
        "y/ops.py:a",
        "z/ops.py:b",
        "z/ops.py:a",
        "z/progress_ops.py:C",
        "z/stream_ops.py:C",
        "a/ops.py:b",
        "a/ops.py:a",
    ]
    assert [schema.origin for schema in registry.catalog.schemas][-3:] == ["user", "shipped", "shipped"]


def test_a_users_pack_hides_the_shipped_one_and_its_code_never_runs(write_files: WriteFiles):
    root = write_files({"mine/basic/ops.py": "def mine(): ...", "shipped/basic/ops.py": "1 / 0"})
    registry = load_registry([(root / "mine", "user"), (root / "shipped", "shipped")])
    assert list(registry.operations) == ["basic/ops.py:mine"]
    assert registry.catalog.failures == ()


def test_a_folder_that_cannot_be_read_is_a_failure(tmp_path: Path):
    (tmp_path / "circle").symlink_to("circle")
    (failure,) = load_registry([(tmp_path, "user")]).catalog.failures
    assert failure.nodepack == "circle"
    assert failure.message.startswith("the folder cannot be read: ")


def test_a_module_that_puts_something_else_in_its_place_is_a_failure(write_files: WriteFiles):
    odd = "import sys\nclass Odd:\n    __slots__ = ()\nsys.modules[__name__] = Odd()\n"
    root = write_files({"odd/ops.py": odd, "pack/ops.py": "def fine(): ..."})
    registry = load_registry([(root, "user")])
    assert list(registry.operations) == ["pack/ops.py:fine"]
    assert [failure.nodepack for failure in registry.catalog.failures] == ["odd"]


def test_loading_again_in_the_same_process_gives_the_same_catalog_without_importing_again(misbehaving: Registry):
    root = Path(__file__).parents[1] / "nodepacks"
    started = time.perf_counter()
    again = load_registry([(root, "user")])
    assert time.perf_counter() - started < 0.3, "the slow nodepack sleeps that long when it is imported"
    assert again.catalog == misbehaving.catalog


def test_what_a_file_prints_while_it_is_imported_stays_where_it_prints(
    write_files: WriteFiles, capsys: pytest.CaptureFixture[str]
):
    load_registry([(write_files({"pack/ops.py": "print('hello from the import')"}), "user")])
    assert capsys.readouterr().out == "hello from the import\n"


def test_shipped_nodepacks_load_without_failures():
    assert load_registry([(shipped_root(), "shipped")]).catalog.failures == ()
