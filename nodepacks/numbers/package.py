"""NumPy, which takes a while to import, so that waits until a node uses it.

A worker imports every nodepack when it starts: what stands at the top of a file is paid for by all workflows.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

if find_spec("numpy") is None:
    raise ImportError('the nodes for numbers need NumPy; add it with: pip install "psynapse[numbers]"')


class _Later:
    """Stands for NumPy and imports it at the first use."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("numpy"), name)


np: Any = _Later()
