"""Compiled files are kept, and never used for another source than theirs."""

import marshal
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psynapse.catalog.bytecode import compiled


class Compiler:
    """Compiles files that hold one number, and counts how often."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ops.py"
        self.count = 0

    def value(self, source: str, *more: bytes) -> object:
        def make() -> CodeType:
            self.count += 1
            return compile(f"value = {source}", str(self.path), "exec")

        names: dict[str, object] = {}
        exec(compiled(str(self.path), [source.encode(), *more], make, self.write), names)
        return names["value"]

    def write(self, place: str, data: bytes) -> None:
        Path(place).parent.mkdir(exist_ok=True)
        Path(place).write_bytes(data)

    @property
    def kept(self) -> Path:
        return Path(cache_from_source(str(self.path), optimization="psynapse"))


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return Compiler(tmp_path)


def test_a_file_is_compiled_once(compiler: Compiler):
    assert [compiler.value("1"), compiler.value("1")] == [1, 1]
    assert compiler.count == 1


def test_an_edit_counts_whatever_the_clock_says(compiler: Compiler):
    assert compiler.value("1") == 1
    when = compiler.kept.stat()
    assert compiler.value("2") == 2
    os.utime(compiler.kept, ns=(when.st_atime_ns, when.st_mtime_ns))
    assert [compiler.value("3"), compiler.value("2")] == [3, 2]


def test_what_else_it_was_made_from_counts_as_well(compiler: Compiler):
    compiler.value("1", b"sibling")
    compiler.value("1", b"sib", b"ling")
    assert compiler.count == 2


def test_nothing_is_written_where_python_writes_nothing(compiler: Compiler, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert compiler.value("1") == 1
    assert not compiler.kept.exists()


@given(st.floats(0, 1, exclude_max=True))
def test_what_is_cut_off_is_made_again(tmp_path_factory: pytest.TempPathFactory, part: float):
    compiler = Compiler(tmp_path_factory.mktemp("pack"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", False)
        compiler.value("1")
        whole = compiler.kept.read_bytes()
        compiler.kept.write_bytes(whole[: int(len(whole) * part)])
        assert compiler.value("1") == 1
    assert marshal.loads(compiler.kept.read_bytes()[32:])
