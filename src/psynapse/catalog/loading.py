"""Import nodepack files, each once per process, and find a callable again in another process."""

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import cast

from psynapse.catalog.failures import LoadError, load_failure
from psynapse.catalog.fields import settle_defaults
from psynapse.catalog.importing import module_name
from psynapse.catalog.nodepacks import Nodepack
from psynapse.model.catalog import LoadFailure
from psynapse.model.operation import Address

_failed: dict[str, LoadFailure] = {}


def load_file(pack: Nodepack, filename: str) -> ModuleType:
    """Import ``filename`` of ``pack``, or return the module if that has been done before.

    Raises LoadError for whatever the file does wrong, also when it calls ``sys.exit``; the second time without
    running the file again. KeyboardInterrupt passes through.
    """
    return _load(module_name(pack.path, filename), pack.path, pack.path / filename)


def load_operation(address: Address) -> Callable[..., object]:
    """The function or class at ``address``, imported if this process has not yet.

    Raises LoadError when the file cannot be imported or no longer has that name.
    """
    pack, path = Path(address.pack_path), Path(address.filepath)
    # Makes the name importable here: this process may not have seen the nodepack yet.
    module = _load(module_name(pack, path.name), pack, path)
    if address.name not in vars(module):
        error = AttributeError(f"the file has no {address.name!r} any more")
        raise LoadError(load_failure(error, pack, path, address.name))
    callee = cast("Callable[..., object]", vars(module)[address.name])
    settle_defaults(callee)
    return callee


def _load(name: str, pack: Path, path: Path) -> ModuleType:
    if name in _failed:
        raise LoadError(_failed[name])
    try:
        return _real_module(importlib.import_module(name))
    except KeyboardInterrupt:
        raise
    # The worker must outlive a call of sys.exit(), and whatever else a file does while it is imported.
    except BaseException as error:
        failure = _failed[name] = load_failure(error, pack, path)
        raise LoadError(failure) from error


def _real_module(module: object) -> ModuleType:
    """A file may put any object in its own place in ``sys.modules``."""
    if isinstance(module, ModuleType):
        return module
    raise TypeError(f"the file replaces itself by an object of type {type(module).__name__}")
