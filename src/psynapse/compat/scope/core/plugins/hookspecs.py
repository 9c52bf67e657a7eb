"""``hookimpl`` marks the hooks of a package: ``register_pipelines``, ``register_nodes``, ``register_nodepacks``."""

from typing import Final

from pluggy import HookimplMarker

hookimpl: Final = HookimplMarker("scope")
