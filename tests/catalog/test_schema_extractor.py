import json
import subprocess
import sys
from pathlib import Path

from psynapse.model.authoring import AnnotatedDict, ProgressReporter, StreamReporter
from psynapse_backend import schema_extractor, stateful_op_utils

HERE = Path(__file__).parents[1] / "nodepacks"


def test_the_names_existing_nodepacks_import_are_the_products_own():
    assert schema_extractor.AnnotatedDict is AnnotatedDict
    assert stateful_op_utils.ProgressReporter is ProgressReporter
    assert stateful_op_utils.StreamReporter is StreamReporter


def test_all_schemas_of_one_folder_come_as_json_with_every_field_of_the_contract():
    schemas = schema_extractor.extract_all_schemas(str(HERE))
    json.dumps(schemas, allow_nan=False)
    for schema in schemas:
        assert {"name", "params", "returns", "docstring", "filepath", "ref", "nodepack", "style"} <= schema.keys()
        assert isinstance(schema["is_progress_node"], bool)
        assert isinstance(schema["is_stream_node"], bool)
    assert {str(schema["nodepack"]) for schema in schemas} >= {"clash_one", "clash_two", "old_shapes"}


def test_a_folder_that_does_not_exist_has_no_schemas(tmp_path: Path):
    assert schema_extractor.extract_all_schemas(str(tmp_path / "nowhere")) == []


def test_importing_these_names_does_not_load_the_catalog():
    script = (
        "import sys, psynapse_backend.schema_extractor, psynapse_backend.stateful_op_utils\n"
        "print([name for name in sys.modules if 'pydantic' in name or name.startswith('psynapse.catalog')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
