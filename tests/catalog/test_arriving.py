"""What threads see of a package that another thread is importing."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from psynapse.catalog.arriving import wait_for_arriving

WRITE = Callable[[str, str], Path]


@pytest.fixture(autouse=True)
def waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    wait_for_arriving()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WRITE]:
    """Writes packages that can be imported, and forgets them afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    names: list[str] = []

    def write(name: str, source: str) -> Path:
        names.append(name)
        (tmp_path / name).mkdir()
        path = tmp_path / name / "__init__.py"
        path.write_text(source, encoding="utf-8")
        return path

    yield write
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def gates(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module with two events for packages that are imported slowly: ``begun`` and ``go_on``."""
    module = ModuleType("arrival_gates")
    begun, go_on = threading.Event(), threading.Event()
    vars(module).update(begun=begun, go_on=go_on)
    monkeypatch.setitem(sys.modules, "arrival_gates", module)
    yield module
    go_on.set()


SLOW = """
import arrival_gates
early = 1
arrival_gates.begun.set()
assert arrival_gates.go_on.wait(20)
late = 2
"""


def test_what_is_not_there_yet_is_waited_for(write: WRITE, gates: ModuleType):
    write("arriving_slowly", SLOW)
    importing = threading.Thread(target=import_module, args=["arriving_slowly"])
    importing.start()
    assert gates.begun.wait(20)
    half = sys.modules["arriving_slowly"]
    assert half.early == 1
    found: list[int] = []
    looking = threading.Thread(target=lambda: found.append(half.late))
    looking.start()
    looking.join(0.2)
    assert looking.is_alive()
    assert found == []
    gates.go_on.set()
    looking.join(20)
    importing.join(20)
    assert found == [2]


def test_an_imported_module_is_one_like_any_other(write: WRITE):
    path = write("arriving_plainly", "value = 1\nimport arriving_plainly\nhas = hasattr(arriving_plainly, 'other')\n")
    module = import_module("arriving_plainly")
    assert type(module) is ModuleType
    assert module.__file__ == str(path)
    assert type(module.__loader__).__name__ == type(module.__spec__ and module.__spec__.loader).__name__
    assert type(module.__loader__).__name__ == "SourceFileLoader"
    assert module.has is False
    with pytest.raises(AttributeError, match="module 'arriving_plainly' has no attribute 'other'"):
        _ = module.other


def test_packages_that_import_each_other_do_so_as_ever(write: WRITE):
    write("arriving_here", "import arriving_there\nvalue = arriving_there.value + 1\n")
    write("arriving_there", "import arriving_here\nknown = hasattr(arriving_here, 'value')\nvalue = 1\n")
    assert import_module("arriving_here").value == 2
    assert sys.modules["arriving_there"].known is False


def test_two_threads_that_wait_for_each_other_go_on(write: WRITE):
    write("arriving_one", "import sys, threading\nbar = threading.Barrier(2)\nbar.wait(20)\nimport arriving_two\n")
    write("arriving_two", "import sys\nsys.modules['arriving_one'].bar.wait(20)\nimport arriving_one\n")
    threads = [threading.Thread(target=import_module, args=[name]) for name in ("arriving_one", "arriving_two")]
    threads[0].start()
    while not hasattr(sys.modules.get("arriving_one"), "bar"):
        threading.Event().wait(0.01)
    threads[1].start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads)


def test_a_package_that_fails_leaves_nothing_behind(write: WRITE):
    write("arriving_never", "raise RuntimeError('broken')\n")
    with pytest.raises(RuntimeError, match="broken"):
        import_module("arriving_never")
    assert "arriving_never" not in sys.modules


RACE = """
import sys, threading
if sys.argv[1] == "wait":
    from psynapse.catalog.arriving import wait_for_arriving
    wait_for_arriving()
import plotly.graph_objects as go
assert "pandas" not in sys.modules
over, errors = threading.Event(), []

def draw():
    while not over.is_set() and not errors:
        try:
            go.Figure(go.Scatter(x=[1, 2], y=[1, 2]))
        except AttributeError as error:
            errors.append(error)

drawing = threading.Thread(target=draw)
drawing.start()
import pandas
over.set()
drawing.join()
print(errors)
"""


def test_plotly_draws_while_pandas_is_being_imported():
    ran = subprocess.run([sys.executable, "-c", RACE, "wait"], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
