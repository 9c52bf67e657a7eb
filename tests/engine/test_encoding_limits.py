"""What bounds the work of encoding, and what encoding does not do."""

import subprocess
import sys
import time as clock

import numpy as np

from psynapse.engine.encoding import encode, to_json
from psynapse.engine.simplify import TypeTable
from psynapse.model.json_text import dumps


def test_a_limit_bounds_the_work_on_a_big_value():
    begin = clock.perf_counter()
    for value in (
        [0.5] * 5_000_000,
        np.zeros(50_000_000),
        "x" * 50_000_000,
        b"x" * 50_000_000,
        dict.fromkeys(range(10**6)),
    ):
        result, whole = encode(value, 1000)
        assert not whole
        assert len(dumps(result)) < 6000
    assert clock.perf_counter() - begin < 5


def test_a_limited_list_holds_its_first_items_and_says_that_more_follow():
    assert to_json(list(range(9)), limit=8) == [0, 1, 2, 3, {"$truncated": True}]
    assert to_json({"a": 1, "b": 2, "c": 3}, limit=13) == {"a": 1, "b": 2, "$truncated": True}


def test_the_result_shares_no_list_with_the_value():
    value = [1.5] * 100
    result = to_json(value)
    value.append(0.0)
    assert result == [1.5] * 100


def test_type_tables_forget_classes_before_they_pile_up():
    table = TypeTable[str]({int: "int"}, {}, {})
    for number in range(10_100):
        assert table.find(type(f"C{number}", (int,), {})) == "int"
    assert len(table._found) < 10_001


def test_no_library_is_imported_for_the_sake_of_a_value():
    code = (
        "import sys; from psynapse.engine import encoding, previews, fingerprint; x=[1, {'a': object()}, 's'*99999];"
        "encoding.to_json(x); previews.preview(x); fingerprint.fingerprint(x);"
        "print({'numpy','pandas','polars','PIL','matplotlib','plotly','pydantic','torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
