"""Psynapse: any typed Python function becomes a node.

Importing the package is cheap: each public name is loaded when it is first used, so a nodepack that only wants
``psynapse.node`` does not pay for the engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psynapse.catalog.hookspecs import hookimpl
    from psynapse.model.authoring import AnnotatedDict, ProgressReporter, StreamReporter, node
    from psynapse.services.local import load, run

__version__ = "0.1.0"
__all__ = ["AnnotatedDict", "ProgressReporter", "StreamReporter", "hookimpl", "load", "node", "run"]

_HOMES = {
    "AnnotatedDict": "psynapse.model.authoring",
    "ProgressReporter": "psynapse.model.authoring",
    "StreamReporter": "psynapse.model.authoring",
    "hookimpl": "psynapse.catalog.hookspecs",
    "load": "psynapse.services.local",
    "node": "psynapse.model.authoring",
    "run": "psynapse.services.local",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'psynapse' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
