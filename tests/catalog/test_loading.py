import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from psynapse.catalog.failures import LoadError
from psynapse.catalog.importing import add_root
from psynapse.catalog.loading import load_file, load_operation
from psynapse.catalog.nodepacks import Nodepack, discover
from psynapse.catalog.registry import Registry
from psynapse.model.catalog import LoadFailure
from psynapse.model.ids import Ref
from psynapse.model.operation import Address

WriteFiles = Callable[[dict[str, str | bytes]], Path]
COUNT = "from pathlib import Path\nwith Path(__file__).with_suffix('.count').open('a') as file:\n    file.write('x')\n"


def _pack(root: Path, name: str = "pack") -> Nodepack:
    return next(pack for pack in discover(root, "user") if pack.name == name)


def _failure(root: Path) -> LoadFailure:
    with pytest.raises(LoadError) as caught:
        load_file(_pack(root), "ops.py")
    return caught.value.failure


def test_a_file_is_imported_once_however_often_it_is_asked_for(write_files: WriteFiles):
    siblings = "import progress_ops, helper\nfrom .helper import NAME\n"
    root = write_files(
        {
            "pack/ops.py": siblings + COUNT,
            "pack/progress_ops.py": "import helper\n" + COUNT,
            "pack/helper.py": "NAME = 1\n" + COUNT,
        }
    )
    pack = _pack(root)
    assert load_file(pack, "ops.py") is load_file(pack, "ops.py")
    load_file(pack, "progress_ops.py")
    counts = [(root / "pack" / f"{name}.count").read_text() for name in ("ops", "progress_ops", "helper")]
    assert counts == ["x", "x", "x"]


def test_a_file_that_fails_is_run_once_and_fails_the_same_way_again(write_files: WriteFiles):
    root = write_files({"pack/ops.py": COUNT + "1 / 0"})
    assert _failure(root) == _failure(root)
    assert (root / "pack/ops.count").read_text() == "x"


def test_threads_that_load_the_same_file_run_it_once(write_files: WriteFiles):
    root = write_files({"pack/ops.py": COUNT + "import time\ntime.sleep(0.05)\nDONE = True\n"})
    done: list[bool] = []
    threads = [
        threading.Thread(target=lambda: done.append(load_file(_pack(root), "ops.py").DONE is True)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 4
    assert (root / "pack/ops.count").read_text() == "x"


def test_nothing_is_written_into_the_nodepack(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "from . import helper", "pack/helper.py": ""})
    load_file(_pack(root), "ops.py")
    assert sorted(path.name for path in (root / "pack").iterdir()) == ["helper.py", "ops.py"]


def test_siblings_of_one_nodepack_do_not_leak_into_another(misbehaving: Registry):
    one = misbehaving.operations[Ref("siblings_one/ops.py:names")].callee
    two = misbehaving.operations[Ref("siblings_two/ops.py:name")].callee
    assert one() == ["one"] * 6 + ["2"]
    assert two() == "twotwo"
    assert not {"neighbour", "lib"} & set(sys.modules)


def test_every_way_to_import_a_sibling_gives_the_same_module(misbehaving: Registry):
    assert misbehaving.operations[Ref("siblings_one/ops.py:same_modules")].callee() is True


def test_a_sibling_named_like_a_standard_module_does_not_hide_it(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "import json\nTEXT = json.dumps([1])", "pack/json.py": "1 / 0"})
    assert load_file(_pack(root), "ops.py").TEXT == "[1]"


def test_two_roots_with_a_pack_of_the_same_name_stay_apart(write_files: WriteFiles):
    root = write_files({"one/pack/ops.py": "WHICH = 1", "two/pack/ops.py": "WHICH = 2"})
    assert [load_file(_pack(root / name), "ops.py").WHICH for name in ("one", "two")] == [1, 2]


def test_an_edited_file_is_read_anew_by_the_next_process_even_within_a_second(write_files: WriteFiles):
    script = (
        "import sys, pathlib\nfrom psynapse.catalog.nodepacks import discover\n"
        "from psynapse.catalog.loading import load_file\n"
        "print(load_file(discover(pathlib.Path(sys.argv[1]), 'user')[0], 'ops.py').X)"
    )
    shown: list[str] = []
    for value in ("1", "2"):
        root = write_files({"pack/ops.py": f"X = {value}"})
        done = subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True)
        shown.append(done.stdout.strip())
    assert shown == ["1", "2"]


def test_instances_of_a_nodepacks_class_pickle(misbehaving: Registry):
    point = misbehaving.operations[Ref("siblings_one/ops.py:point")].callee(3)
    assert pickle.loads(pickle.dumps(point)) == point


def test_another_process_finds_the_callable_and_its_classes_again(misbehaving: Registry):
    operation = misbehaving.operations[Ref("siblings_one/ops.py:point")]
    script = (
        "import pickle, sys\nfrom psynapse.catalog.loading import load_operation\n"
        "address = pickle.load(sys.stdin.buffer)\ncallee = load_operation(address)\n"
        "assert callee.__module__ == address.module\nassert 'pydantic' not in sys.modules\n"
        "sys.stdout.buffer.write(pickle.dumps(callee(7)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=pickle.dumps(operation.address), capture_output=True, check=True
    )
    assert pickle.loads(done.stdout) == operation.callee(7)


def test_another_process_that_knows_the_root_unpickles_values_of_any_nodepack_in_it(misbehaving: Registry):
    operation = misbehaving.operations[Ref("siblings_one/ops.py:point")]
    script = (
        "import pickle, sys\nfrom pathlib import Path\nfrom psynapse.catalog.importing import add_root\n"
        "add_root(Path(sys.argv[1]))\nprint(pickle.load(sys.stdin.buffer))"
    )
    root = str(Path(operation.address.pack_path).parent)
    data = pickle.dumps(operation.callee(7))
    done = subprocess.run([sys.executable, "-c", script, root], input=data, capture_output=True, check=True)
    assert done.stdout.strip() == b"Point(x=7)"


def test_the_module_name_depends_on_the_path_alone(tmp_path: Path):
    assert add_root(tmp_path) == add_root(tmp_path) != add_root(tmp_path / "x")


def test_a_name_that_is_gone_is_a_load_error(misbehaving: Registry):
    address = misbehaving.operations[Ref("prints/ops.py:shout")].address
    with pytest.raises(LoadError, match="no 'whisper' any more") as caught:
        load_operation(Address(address.pack_path, address.filepath, address.module, "whisper"))
    assert caught.value.failure.name == "whisper"


def test_a_file_that_is_gone_is_a_load_error(write_files: WriteFiles):
    pack = Nodepack("pack", write_files({"pack/x.py": ""}) / "pack", "user", ("ops.py",))
    with pytest.raises(LoadError, match=r"put ops\.py into the folder pack"):
        load_file(pack, "ops.py")


def test_keyboard_interrupt_passes_through(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "raise KeyboardInterrupt"})
    with pytest.raises(KeyboardInterrupt):
        load_file(_pack(root), "ops.py")


def test_a_load_error_survives_pickling(write_files: WriteFiles):
    with pytest.raises(LoadError) as caught:
        load_file(_pack(write_files({"pack/ops.py": "1 / 0"})), "ops.py")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.failure, str(copy)) == (caught.value.failure, str(caught.value))


@pytest.mark.parametrize(
    ("source", "error_type", "hint"),
    [
        ("def f(:\n", "SyntaxError", "correct the line"),
        ("import surely_not_there", "ModuleNotFoundError", "pip install surely_not_there"),
        ("import yaml_is.missing\n", "ModuleNotFoundError", "pip install yaml_is"),
        ("from . import missing_sibling", "ImportError", "another one than the file was written for"),
        ("import json.nothing_there", "ModuleNotFoundError", "installed version of json has no json.nothing_there"),
        ("from json import nothing_there", "ImportError", "installed version"),
        ("import sys; sys.exit(3)", "SystemExit", "__main__"),
        ("raise BaseException('odd')", "BaseException", "correct the file"),
        ("def f(): f()\nf()", "RecursionError", "without end"),
        (b"x = '\xff'", "SyntaxError", "UTF-8"),
        (b"# coding: no-such-encoding\n", "SyntaxError", "UTF-8"),
        ("x = 1".encode("utf-16"), "ValueError|SyntaxError", "UTF-8"),
        (b"x = 1\0", "ValueError|SyntaxError", "UTF-8"),
        ("class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad", "Bad", "correct the file"),
        ("raise ValueError('\\ud800')", "ValueError", "correct the file"),
        ("import sys\nsys.modules[__name__] = None\nraise ValueError('gone')", "ValueError", "correct the file"),
    ],
)
def test_what_goes_wrong_in_a_file_is_said_with_a_hint(
    source: str | bytes, error_type: str, hint: str, write_files: WriteFiles
):
    failure = _failure(write_files({"pack/ops.py": source}))
    assert failure.error_type in error_type.split("|")
    assert hint in failure.hint
    assert failure.message
    assert failure.name == ""
    assert "importlib" not in failure.traceback
    assert "loading.py" not in failure.traceback
    failure.traceback.encode()
    failure.message.encode()


@pytest.mark.parametrize(
    ("source", "extra"),
    [
        ("raise ImportError('this needs Pillow; add it with: pip install \"psynapse[images]\"')", "images"),
        ("raise ImportError('pip install psynapse[llms]')", "llms"),
        ("raise ImportError('pip install \"other[images]\"')", None),
        ("raise ImportError('pip install \"psynapse[--index-url x]\"')", None),
        ("raise RuntimeError('pip install \"psynapse[images]\"')", None),
        ("import surely_not_there", None),
    ],
)
def test_an_import_error_that_names_an_extra_of_psynapse_is_told_apart(
    source: str, extra: str | None, write_files: WriteFiles
):
    assert _failure(write_files({"pack/ops.py": source})).extra == extra


def test_a_file_may_declare_another_encoding(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "# -*- coding: latin-1 -*-\nNAME = 'Jürgen'\n".encode("latin-1")})
    assert load_file(_pack(root), "ops.py").NAME == "Jürgen"


def test_deep_nesting_is_a_failure_and_not_a_crash(write_files: WriteFiles):
    failure = _failure(write_files({"pack/ops.py": f"x = {'(' * 5000}1{')' * 5000}"}))
    assert failure.error_type in {"SyntaxError", "RecursionError", "MemoryError"}


def test_a_long_sum_beside_a_sibling_import_still_loads(write_files: WriteFiles):
    source = f"import helper\nX = {' + '.join(['1'] * 500)} + helper.ONE"
    assert load_file(_pack(write_files({"pack/ops.py": source, "pack/helper.py": "ONE = 1"})), "ops.py").X == 501


def test_the_traceback_starts_at_the_users_code_also_through_a_sibling(write_files: WriteFiles):
    root = write_files({"pack/ops.py": "from .inner import x", "pack/inner.py": "def go():\n    1 / 0\ngo()\n"})
    lines = _failure(root).traceback.splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert [line.split('"')[1].rpartition("/")[2] for line in lines if line.startswith("  File")] == [
        "ops.py",
        "inner.py",
        "inner.py",
    ]
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_a_broken_init_is_the_failure_of_the_packs_files(misbehaving: Registry):
    (failure,) = [item for item in misbehaving.catalog.failures if item.nodepack == "broken_init"]
    assert failure.message == "the package itself is broken"
    assert "__init__.py" in failure.traceback
