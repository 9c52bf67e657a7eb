"""Settings → Nodes as a person meets it."""

from dataclasses import dataclass
from pathlib import Path

from editor_page import Editor
from playwright.sync_api import Locator, expect

PATIENCE = 60_000
"""Milliseconds: a change builds, tries and switches over, on a machine that may be busy."""


@dataclass(frozen=True, slots=True)
class NodesPage:
    """The settings of an editor that is open."""

    editor: Editor

    def open(self, page: str = "nodes") -> None:
        self.editor.go_to(f"#/settings/{page}")
        expect(self.dialog.get_by_role("tab", selected=True)).to_have_text(page.capitalize())

    @property
    def dialog(self) -> Locator:
        return self.editor.page.get_by_role("dialog", name="Settings")

    @property
    def field(self) -> Locator:
        return self.dialog.get_by_role("textbox", name="Install a node package")

    @property
    def plan(self) -> Locator:
        """What an installation would change, before it is agreed to."""
        return self.dialog.get_by_role("region", name="What would change")

    def button(self, name: str) -> Locator:
        return self.dialog.get_by_role("button", name=name, exact=True)

    def look(self, spec: str | Path) -> None:
        """Ask what a package would change, and wait for the answer."""
        self.field.fill(str(spec))
        self.field.press("Enter")
        expect(
            self.plan.get_by_role("button", name="Not now").or_(self.plan.get_by_role("button", name="Close"))
        ).to_be_visible(timeout=PATIENCE)
        expect(self.plan.get_by_text("Looking what")).to_be_hidden(timeout=PATIENCE)

    def agree(self, verb: str = "Install") -> None:
        self.plan.get_by_role("button", name=verb, exact=True).click()

    def install(self, spec: str | Path, done: str) -> None:
        """Look at a package, agree, and wait until the page says that it is ``done``."""
        self.look(spec)
        self.agree()
        self.expect_done(done)

    def expect_done(self, words: str) -> None:
        expect(self.dialog.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=PATIENCE)

    def row(self, name: str) -> Locator:
        """An installed package, a pipeline or a generation in its list."""
        return self.dialog.get_by_role("listitem", name=name, exact=True)

    def confirm(self, verb: str) -> None:
        """Answer the question that has come up."""
        self.editor.page.get_by_role("dialog").last.get_by_role("button", name=verb, exact=True).click()
