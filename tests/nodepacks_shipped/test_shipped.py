"""What comes with psynapse as a whole: every node has what an editor needs, every example is right."""

import itertools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import psynapse
from psynapse.catalog.nodepacks import shipped_root
from psynapse.catalog.registry import load_registry
from psynapse.kinds.function import RESERVED
from psynapse.model.canonical import canonical_text
from psynapse.model.schema import NodeSchema
from psynapse.model.types import ANY
from psynapse.model.workflow import parse_workflow

CATALOG = load_registry([(shipped_root(), "shipped")]).catalog
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
NODES = [pytest.param(schema, id=schema.ref) for schema in CATALOG.schemas]
FILES = [pytest.param(path, id=path.stem) for path in EXAMPLES]
NOT_THE_SAME_TWICE = {
    "basic": {"write_text", "list_folder", "file_exists", "http_get", "now", "random_number"},
    "data": {"write_table", "read_sql", "write_sql"},
    "files": {
        *("find_files", "folder_contents", "file_details", "write_json", "write_lines", "make_folder"),
        *("temporary_folder", "copy_file", "move_file", "delete_file", "ZipFiles", "UnzipFile"),
    },
    "images": {"save_image", "ConvertImages"},
    "llms": {"ask_model", "ask_for_object", "embed_texts", "list_models", "StreamModel"},
    "video": {"save_video", "WriteVideo"},
    "web": {"http_request", "fetch_json", "fetch_feed", "DownloadFile"},
}
NEEDED = {"numbers": "numpy", "images": "PIL", "llms": "httpx", "web": "httpx", "data": "pandas", "video": "av"}
PACKS = {"basic", "data", "demo", "files", "images", "llms", "numbers", "text", "video", "web"}


def test_the_packs_load_and_no_two_nodes_share_a_name():
    assert CATALOG.failures == ()
    names = [schema.name for schema in CATALOG.schemas]
    assert len(names) == len(set(names))
    assert {schema.nodepack for schema in CATALOG.schemas} == PACKS


@pytest.mark.parametrize(("name", "module"), NEEDED.items())
def test_a_pack_without_its_packages_is_shown_with_the_command_that_adds_them(
    name: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Files that were imported once in a process are not imported again; these have another path.
    shutil.copytree(shipped_root() / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setitem(sys.modules, module, None)
    catalog = load_registry([(tmp_path, "shipped")]).catalog
    command = f'pip install "psynapse[{name}]"'
    assert not any(schema.nodepack == name and schema.style == "function" for schema in catalog.schemas)
    failed = {Path(failure.filepath).name: failure for failure in catalog.failures}
    assert "ops.py" in failed
    assert failed["ops.py"].message.endswith(command)
    assert failed["ops.py"].hint == f"add what is missing: python -m {command}"
    assert {failure.extra for failure in catalog.failures} == {name}


@pytest.mark.parametrize("schema", NODES)
def test_a_node_is_described_typed_and_keeps_out_of_the_editors_names(schema: NodeSchema):
    first = schema.docstring.partition("\n")[0]
    assert 10 < len(first) < 120
    assert first.endswith((".", "!"))
    assert RESERVED.isdisjoint(param.name for param in schema.params)
    assert all(param.json_schema or ANY in param.type.members for param in schema.params)
    assert all(param.type.name != "inspect._empty" for param in schema.params)


def test_loading_the_packs_imports_none_of_the_large_packages_they_need():
    code = (
        "import sys; from psynapse.catalog.nodepacks import shipped_root;"
        "from psynapse.catalog.registry import load_registry;"
        "assert load_registry([(shipped_root(), 'shipped')]).catalog.failures == (); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "httpx", "av", "matplotlib", "narwhals", "sqlalchemy"} & set(done.stdout.split())


def test_only_nodes_that_may_answer_differently_are_never_reused():
    found = {schema.name for schema in CATALOG.schemas if not schema.cache}
    assert found == set().union(*NOT_THE_SAME_TWICE.values())


def test_nodes_that_old_workflows_use_keep_their_parameters():
    for name in ("add", "multiply"):
        schema = CATALOG.resolve(name)
        assert isinstance(schema, NodeSchema)
        assert [(param.name, str(param.type)) for param in schema.params] == [("a", "float"), ("b", "float")]


def test_the_values_of_a_template_can_be_set_in_the_node():
    values = {"template": "Hi {name}", "values": {"name": "Ada"}}
    node = {"id": "it", "type": "functionNode", "data": {"functionName": "format_template", **values}}
    assert psynapse.run({"nodes": [node], "edges": []}, nodepacks=shipped_root(), targets=["it"])["it"] == "Hi Ada"


def test_there_are_examples():
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("path", FILES)
def test_an_example_is_found_right(path: Path):
    assert psynapse.load(path, nodepacks=shipped_root()).check() == ()


@pytest.mark.parametrize("path", FILES)
def test_an_example_is_written_as_psynapse_writes_it(path: Path):
    text = path.read_text(encoding="utf-8")
    _, found = parse_workflow(json.loads(text))
    assert found == ()
    assert canonical_text(json.loads(text)) == text


@pytest.mark.parametrize("path", FILES)
def test_an_example_says_in_a_sentence_what_it_does_and_is_laid_out_from_left_to_right(path: Path):
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert document["version"] == 1
    assert document["description"].count(".") == 1
    assert document["description"].endswith(".")
    place = {node: (layout["x"], layout["y"]) for node, layout in document["layout"].items()}
    assert len(set(place.values())) == len(place) == len(document["nodes"])
    assert all(place[edge["target"]][0] - place[edge["source"]][0] >= 280 for edge in document["edges"])
    columns = {x: sorted(other[1] for other in place.values() if other[0] == x) for x, _ in place.values()}
    assert all(low - high >= 140 for rows in columns.values() for high, low in itertools.pairwise(rows))


@pytest.mark.parametrize("path", FILES)
def test_every_edge_of_an_example_joins_handles_that_exist(path: Path):
    workflow, _ = parse_workflow(json.loads(path.read_text(encoding="utf-8")))
    nodes = {node.id: node for node in workflow.nodes}
    assert len({edge.id for edge in workflow.edges}) == len(workflow.edges)
    for edge in workflow.edges:
        source, target = nodes[edge.source], nodes[edge.target]
        assert edge.source_handle in outputs(source.kind, source.data.get("ref"))
        assert edge.target_handle in inputs(target.kind, target.data)


def outputs(kind: str, ref: Any) -> set[str]:
    return {item.name for item in resolved(ref).returns} if kind == "functionNode" else {"output"}


def inputs(kind: str, data: Any) -> set[str]:
    if kind == "functionNode":
        assert resolved(data["ref"]).name == data["functionName"]
        return {param.name for param in resolved(data["ref"]).params}
    return {f"input-{index}" for index in range(data["inputCount"])} if kind == "listNode" else {"input"}


def resolved(ref: str) -> NodeSchema:
    schema = CATALOG.resolve(ref)
    assert isinstance(schema, NodeSchema)
    return schema


def test_the_worked_example_runs_in_the_order_of_its_document():
    plan = psynapse.load(next(path for path in EXAMPLES if path.stem == "worked-example")).plan()
    assert [task.node for task in plan.tasks] == ["V1", "V2", "V3", "V4", "F1", "F2", "L1", "F3", "View"]
