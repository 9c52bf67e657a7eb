"""What axe-core finds on the page."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editor_page import Editor, Theme

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
AT_REST = """Promise.allSettled(
  document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished)
)"""
THEMES: tuple[Theme, ...] = ("light", "dark")


def axe_source() -> str:
    """The program; without it the test is left out, but never where it is asked for."""
    if not AXE.exists():
        if os.environ.get("CI"):
            pytest.fail("there is no axe-core: python frontend/build.py installs it")
        pytest.skip("needs frontend/node_modules: python frontend/build.py installs it")
    return AXE.read_text(encoding="utf-8")


def findings(editor: Editor) -> Iterator[str]:
    """The serious findings about what is seen now: the rule, and the elements that break it."""
    # Evaluated rather than added as a script: the page's policy allows none but its own.
    editor.page.evaluate(axe_source())
    for theme in THEMES:
        editor.use_theme(theme)
        # Half-way to where it is going a text may have any contrast.
        editor.page.evaluate(AT_REST)
        found: Any = editor.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        for one in found["violations"]:
            if one["impact"] in SERIOUS:
                where = "; ".join(str(node["target"]) + " " + node["failureSummary"] for node in one["nodes"][:3])
                yield f"{theme}: {one['id']}: {one['help']}: {where}"
