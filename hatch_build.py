"""Puts the built editor into the wheel."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from types import ModuleType


class EditorBuildHook(BuildHookInterface[Any]):
    """Builds the editor before the wheel is packed. An editable installation leaves that to ``dev.py``."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling; ``version`` is "editable" or "standard"."""
        if version == "editable":
            return
        script = _load(Path(self.root) / "frontend" / "build.py")
        script.build()
        build_data["force_include"][str(script.BUILT)] = "psynapse/web"


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("psynapse_editor_build", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
