"""Files and folders: find, read, write, copy, move and pack them. Relative paths start where psynapse was started."""

from pathlib import Path
from typing import Annotated, Any, Literal

import archives
import contents
import finding
import moving
from pydantic import Field

import psynapse

_Rows = list[dict[str, Any]]
_Patterns = Annotated[list[str], Field(strict=False)]
_IfThere = Literal["error", "replace", "keep both"]


# What a folder contains changes without the folder's own time changing, so these results are not reused.
@psynapse.node(cache=False)
def find_files(
    folder: Path,
    patterns: _Patterns = ["*"],  # noqa: B006 -- nobody changes it
    exclude: _Patterns = [],  # noqa: B006 -- nobody changes it
    subfolders: bool = True,
    hidden: bool = False,
    most: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000,
) -> list[Path]:
    """The files in a folder whose names match one of some patterns, such as ``*.jpg``, sorted by path.

    ``exclude`` leaves out files and whole folders, such as ``node_modules``. Names that begin with a dot are hidden.
    Raises ValueError when there are more than ``most``, so that a wrong folder does not take for ever.
    """
    return finding.files(folder, patterns, exclude, subfolders=subfolders, hidden=hidden, most=most)


@psynapse.node(cache=False)
def folder_contents(folder: Path) -> _Rows:
    """What is directly in a folder as a table: name, kind, size in bytes and when it was changed last."""
    return finding.listing(folder)


@psynapse.node(cache=False)
def file_details(
    path: Path,
) -> psynapse.AnnotatedDict[Literal["name", "folder", "ending", "kind", "size", "changed"]]:
    """What is known of a file or folder: its name, its size in bytes, and when it was changed last."""
    return psynapse.AnnotatedDict(finding.details(path))


def join_path(folder: Path, name: str) -> Path:
    """The path of something in a folder; ``name`` may lead deeper: ``pictures/cat.jpg``."""
    return finding.joined(folder, name)


def path_parts(path: Path) -> psynapse.AnnotatedDict[Literal["folder", "name", "stem", "ending"]]:
    """Take a path apart: ``pictures/cat.jpg`` has the name ``cat.jpg``, the stem ``cat`` and the ending ``.jpg``."""
    return psynapse.AnnotatedDict(folder=path.parent, name=path.name, stem=path.stem, ending=path.suffix)


def change_ending(path: Path, ending: str = ".txt") -> Path:
    """A path with another ending: ``cat.jpg`` with ``.png`` becomes ``cat.png``. Nothing is renamed on the disk."""
    return finding.with_ending(path, ending)


def read_lines(path: Path, start: Annotated[int, Field(ge=0)] = 0, count: Annotated[int, Field(ge=0)] = 0) -> list[str]:
    """Some lines of a text file, or all for a ``count`` of 0; large files are not read beyond what is asked for."""
    return contents.lines(path, start, count)


def read_json(path: Path) -> Any:
    """The value in a JSON file. Raises ValueError, which says in which line it is wrong."""
    return contents.json_value(path)


def read_data_url(path: Path, most_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 20_000_000) -> str:
    """A file as a data URL, the form in which an image goes to a language model or into a web page."""
    return contents.data_url(path, most_bytes)


@psynapse.node(cache=False)
def write_json(path: Path, value: Any, indent: Annotated[int, Field(ge=0, le=8)] = 2) -> Path:
    """Write a value into a JSON file and pass on its path. A file that is there is replaced only as a whole."""
    return contents.write_json(path, value, indent)


@psynapse.node(cache=False)
def write_lines(path: Path, lines: Annotated[list[Any], Field(strict=False)], append: bool = False) -> Path:
    """Write the items of a list into a text file, one in each line, and pass on its path."""
    return contents.write_lines(path, lines, append=append)


@psynapse.node(cache=False)
def make_folder(folder: Path) -> Path:
    """Make a folder, and those above it that are missing; one that is there already is fine. Passes on its path."""
    return moving.make_folder(folder)


@psynapse.node(cache=False)
def temporary_folder(prefix: str = "psynapse-", reuse: bool = False) -> Path:
    """Make a new, empty folder for files that need not be kept. The system removes it some day, not psynapse.

    With ``reuse`` every run gets the same one, with what earlier runs have left in it, instead of one more each time.
    """
    return moving.temporary_folder(prefix, reuse=reuse)


@psynapse.node(cache=False)
def copy_file(source: Path, target: Path, if_there: _IfThere = "error") -> Path:
    """Copy a file; into a folder under its own name, or to a path under a new one. Passes on where the copy is.

    ``if_there`` says what happens when there is such a file: nothing but an error, it is replaced, or the copy gets
    another name.
    """
    return moving.copy(source, target, if_there)


@psynapse.node(cache=False)
def move_file(source: Path, target: Path, if_there: _IfThere = "error") -> Path:
    """Move or rename a file; ``if_there`` is as in ``copy_file``. Passes on where it is now."""
    return moving.move(source, target, if_there)


@psynapse.node(cache=False)
def delete_file(path: Path, if_missing: Literal["error", "ignore"] = "error") -> bool:
    """Delete one file for good, and say whether there was one. Folders are never deleted."""
    return moving.delete(path, must_exist=if_missing == "error")


def list_zip(path: Path) -> _Rows:
    """What is in a zip file, as a table: name, size and packed size in bytes, and when it was changed."""
    return archives.listing(path)


def read_from_zip(path: Path, name: str, most_bytes: Annotated[int, Field(ge=1, le=1_000_000_000)] = 50_000_000) -> str:
    """The text of one file in a zip file, read without unpacking the others."""
    return archives.text_of(path, name, most_bytes)
