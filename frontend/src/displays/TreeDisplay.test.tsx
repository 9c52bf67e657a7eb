import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { showValue } from "@/displays/display_testing";

const VALUE = { list: [10, 20], word: "x" };

function items(): readonly (string | null)[] {
  return screen.getAllByRole("treeitem").map((item) => item.textContent);
}

describe("a tree", () => {
  it("opens and closes with the keys, and has one tab stop", async () => {
    const { user } = showValue(VALUE, "node");
    const tree = screen.getByRole("tree");
    tree.focus();
    expect(items()).toHaveLength(2);
    await user.keyboard("{ArrowRight}");
    expect(items()).toHaveLength(4);
    await user.keyboard("{ArrowDown}{ArrowLeft}{Enter}");
    expect(items()).toHaveLength(2);
    expect(screen.getAllByRole("treeitem")[0]?.getAttribute("aria-expanded")).toBe("false");
    const active = document.getElementById(tree.getAttribute("aria-activedescendant") ?? "");
    expect(active?.getAttribute("aria-selected")).toBe("true");
  });

  it("copies the path and the value of a row", async () => {
    const { user } = showValue(VALUE);
    await user.click(screen.getAllByRole("button", { name: "Copy path" })[2] ?? document.body);
    expect(await navigator.clipboard.readText()).toBe('["list"][1]');
    await user.click(screen.getAllByRole("button", { name: "Copy value" })[0] ?? document.body);
    expect(JSON.parse(await navigator.clipboard.readText())).toEqual([10, 20]);
    screen.getByRole("tree").focus();
    await user.keyboard("{End}{Control>}c{/Control}");
    expect(await navigator.clipboard.readText()).toBe("x");
  });

  it("draws only the rows in view of a long list", () => {
    const { container } = showValue(Array.from({ length: 9000 }, (_, index) => `row ${index}`));
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(60);
    const scroller = container.querySelector("[data-size=panel].nowheel");
    if (!scroller) throw new Error("there is an element that scrolls");
    fireEvent.scroll(scroller, { target: { scrollTop: 24 * 5000 } });
    expect(items().some((text) => text?.includes('"row 5000"'))).toBe(true);
    expect(screen.getAllByRole("treeitem").length).toBeLessThan(60);
  });
});
