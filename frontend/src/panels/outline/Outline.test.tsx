import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseWorkflow } from "@/graph/file";
import { Outline } from "@/panels/outline/Outline";
import { useSelection } from "@/state/selection";
import { closeTab, newTab, useSession } from "@/state/session";

const node = (id: string, type: string) => ({ id, type, data: { label: id.toUpperCase() } });
const WORKFLOW = parseWorkflow({
  nodes: [node("a", "variableNode"), node("list", "listNode"), node("view", "viewNode")],
  edges: [
    { source: "a", target: "list", sourceHandle: "output", targetHandle: "input-0" },
    { source: "list", target: "view", sourceHandle: "output", targetHandle: "input" },
  ],
});

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in tests")));
  // jsdom lays nothing out, and a list without a height draws no rows.
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(240);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(600);
  Element.prototype.scrollTo = () => undefined;
  newTab(WORKFLOW);
  render(<Outline onClose={() => undefined} />);
  act(() => screen.getByRole("tree").focus());
});
afterEach(async () => {
  cleanup();
  await closeTab(useSession.getState().activeId ?? "", { discard: true });
  vi.unstubAllGlobals();
});

const keys = (typed: string) => userEvent.keyboard(typed);
const items = () => screen.getAllByRole("treeitem");
/** The row that a screen reader is at. */
const current = () => {
  const id = screen.getByRole("tree").getAttribute("aria-activedescendant") ?? "";
  return document.getElementById(id)?.textContent;
};

describe("the keys of the outline", () => {
  it("go up and down, and to both ends", async () => {
    expect(current()).toBe("A");
    await keys("{ArrowDown}");
    expect(current()).toBe("LIST");
    await keys("{End}");
    expect(current()).toBe("VIEW");
    await keys("{ArrowDown}{ArrowUp}");
    expect(current()).toBe("LIST");
    await keys("{Home}");
    expect(current()).toBe("A");
  });

  it("unfold a node's connections, go into them and back, and fold them", async () => {
    expect(items()).toHaveLength(3);
    await keys("{ArrowRight}");
    expect(items()).toHaveLength(4);
    expect(items()[0]?.getAttribute("aria-expanded")).toBe("true");
    await keys("{ArrowRight}");
    expect(current()).toContain("LIST");
    await keys("{ArrowLeft}");
    expect(current()).toBe("A");
    await keys("{ArrowLeft}");
    expect(items()).toHaveLength(3);
  });

  it("select the node", async () => {
    await keys("{ArrowDown}{Enter}");
    expect([...useSelection.getState().nodes]).toEqual(["list"]);
  });
});
