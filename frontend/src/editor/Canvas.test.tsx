import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkflowDocument } from "@/document/document";
import { Canvas } from "@/editor/Canvas";
import { SAMPLE_CATALOG, SAMPLE_FILE } from "@/editor/sample_workflow";
import { catalogResource } from "@/state/catalog";
import { commands, isUsable } from "@/state/commands_table";
import { packagesResource } from "@/state/packages";
import { clear, select, useSelection } from "@/state/selection";
import { DEFAULTS, setSettings, useSettings } from "@/state/settings";
import type { PackageInfo } from "@/wire/shapes";

/** jsdom lays nothing out: the page gets a size, and nothing is ever measured anew. */
function pretendLayout(): void {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal(
    "DOMMatrixReadOnly",
    class {
      m22 = 1;
    },
  );
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1440);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 1440, 900));
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
  vi.stubGlobal(
    "Path2D",
    class {
      roundRect() {}
      moveTo() {}
      bezierCurveTo() {}
    },
  );
  Element.prototype.scrollIntoView = () => undefined;
}

const OFF: PackageInfo = {
  name: "scope-talk",
  version: "1.0",
  description: "",
  author: "",
  source: "pypi",
  spec: "scope-talk",
  editable: false,
  editable_path: null,
  pipelines: [],
  node_types: [],
  nodepacks: [],
  latest_version: null,
  update_available: null,
  commit: null,
  removable: true,
  disabled: true,
  extra: null,
};

function show() {
  const document = WorkflowDocument.fromJson(SAMPLE_FILE);
  const view = render(<Canvas document={document} />);
  return { document, view, user: userEvent.setup() };
}

function press(id: string): void {
  const command = commands().find((one) => one.id === id);
  if (!command || !isUsable(command)) throw new Error(`${id} cannot be used now`);
  act(() => command.run());
}

function node(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`);
  if (!found) throw new Error(`${id} is not on the screen`);
  return found;
}

function focusCanvas(): HTMLElement {
  const canvas = screen.getByRole("application", { name: /^Workflow canvas/ });
  act(() => canvas.focus());
  return canvas;
}

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in tests")));
  pretendLayout();
  catalogResource.store.setState({
    value: { catalog: SAMPLE_CATALOG, etag: null, failures: [] },
    status: "ready",
  });
  vi.spyOn(catalogResource, "refresh").mockResolvedValue(undefined);
});

afterEach(() => {
  cleanup();
  act(() => clear());
  setSettings(DEFAULTS);
  vi.unstubAllGlobals();
});

describe("the canvas", () => {
  it("shows each kind of node with what it has to say", () => {
    show();
    expect(within(node("sum")).getByText("from")).toBeDefined();
    expect(within(node("sum")).getByRole("img", { name: "input a, a number, connected" })).toBeDefined();
    expect(within(node("items")).getByText("1 item connected")).toBeDefined();
    expect(within(node("shown")).getByText("Run the workflow to see the value here.")).toBeDefined();
    expect(within(node("gone")).getByText(/Add the nodepack “llm” to run it/)).toBeDefined();
  });

  it("says of a node whose package is disabled how to have it back", async () => {
    const info = { ...OFF, nodepacks: ["llm"] };
    const value = { nodes: [info], failed: [], extras: [], generation: 1, problem: "" };
    packagesResource.store.setState({ value, status: "ready" });
    const asked = vi.fn(() => Promise.reject(new TypeError("no network in tests")));
    vi.stubGlobal("fetch", asked);
    const { user } = show();
    expect(within(node("gone")).getByText("The package scope-talk is disabled.")).toBeDefined();
    await user.click(within(node("gone")).getByRole("button", { name: "Enable scope-talk" }));
    const urls = asked.mock.calls.map(([asks]: unknown[]) => (asks instanceof Request ? asks.url : ""));
    expect(urls.some((url) => url.endsWith("/nodes/scope-talk/enable"))).toBe(true);
  });

  it("folds parameters with defaults until they are asked for", async () => {
    const { user } = show();
    expect(within(node("round")).queryByText("digits")).toBeNull();
    await user.click(within(node("round")).getByRole("button", { name: "More (1)" }));
    expect(within(node("round")).getByText("digits")).toBeDefined();
  });

  it("writes what is typed into a widget to the document", async () => {
    const { document, user } = show();
    const field = within(node("sum")).getByRole("spinbutton", { name: "b" });
    await user.clear(field);
    await user.type(field, "7");
    expect(document.workflow.nodes.get("sum")?.data.b).toBe(7);
  });

  it("changes the type of a variable together with its value, as one step", async () => {
    const { document, user } = show();
    await user.selectOptions(within(node("rate")).getByLabelText("Type"), "Text");
    expect(document.workflow.nodes.get("rate")?.data).toMatchObject({
      variableType: "String",
      variableValue: "12",
    });
    act(() => void document.undo());
    expect(document.workflow.nodes.get("rate")?.data).toMatchObject({
      variableType: "Number",
      variableValue: 12,
    });
  });
});

describe("the button of the minimap", () => {
  const button = () => screen.getByRole("button", { name: "Minimap" });
  const state = () => [button().getAttribute("aria-pressed"), button().getAttribute("aria-disabled")];
  const isWanted = () => useSettings.getState().minimap;
  const canBeUsed = () => commands().some((command) => command.id === "view.minimap" && isUsable(command));
  function makeWide(width: number): void {
    vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(width);
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, width, 900));
    fireEvent(window, new Event("resize"));
  }

  it("is neither on nor of any use while there is no room, and keeps what was chosen", async () => {
    const { user } = show();
    expect([...state(), canBeUsed()]).toEqual(["true", null, true]);
    makeWide(500);
    expect([...state(), canBeUsed()]).toEqual(["false", "true", false]);
    expect(button().dataset.tooltip).toContain("there is no room for it");
    await user.click(button());
    expect(isWanted()).toBe(true);
    makeWide(1440);
    expect([...state(), canBeUsed()]).toEqual(["true", null, true]);
    await user.click(button());
    expect([...state(), isWanted()]).toEqual(["false", null, false]);
    makeWide(500);
    makeWide(1440);
    expect(state()).toEqual(["false", null]);
  });
});

describe("the keyboard", () => {
  it("walks from node to node and along edges, and says where it is", () => {
    show();
    focusCanvas();
    press("canvas.walk-right");
    expect([...useSelection.getState().nodes]).toEqual(["rate"]);
    press("canvas.walk-right");
    press("canvas.along-right");
    expect([...useSelection.getState().nodes]).toEqual(["round"]);
    expect(screen.getByText("round_number, 1 edge in, 1 edge out")).toBeDefined();
  });

  it("moves the selection by commands that are undone together", () => {
    const { document } = show();
    focusCanvas();
    act(() => select(["sum"]));
    press("canvas.move-down");
    press("canvas.move-down");
    expect(document.workflow.nodes.get("sum")?.layout).toMatchObject({ x: 320, y: 32 });
    act(() => void document.undo());
    expect(document.workflow.nodes.get("sum")?.layout).toMatchObject({ x: 320, y: 0 });
  });

  it("renames with F2, and Escape keeps the old title", async () => {
    const { document, user } = show();
    focusCanvas();
    act(() => select(["sum"]));
    press("node.rename");
    await user.keyboard("Sum of all{Enter}");
    expect(document.workflow.nodes.get("sum")?.data.label).toBe("Sum of all");
    expect(document.workflow.nodes.size).toBe(6);
    press("node.rename");
    await user.keyboard("other{Escape}");
    expect(document.workflow.nodes.get("sum")?.data.label).toBe("Sum of all");
  });

  it("connects nodes from a list", async () => {
    const { document, user } = show();
    focusCanvas();
    act(() => select(["rate"]));
    press("node.connect");
    await user.type(await screen.findByPlaceholderText("Connect to …"), "add b{Enter}");
    const edges = [...document.workflow.edges.values()];
    expect(edges.at(-1)).toMatchObject({ source: "rate", target: "sum", targetHandle: "b" });
  });

  it("adds a node from the palette and selects it", async () => {
    const { document, user } = show();
    focusCanvas();
    press("canvas.add");
    await user.type(await screen.findByPlaceholderText("Add a node …"), "primes{Enter}");
    const added = [...document.workflow.nodes.values()].at(-1);
    expect(added?.data.functionName).toBe("count_primes");
    expect([...useSelection.getState().nodes]).toEqual([added?.id]);
    expect(screen.queryByPlaceholderText("Add a node …")).toBeNull();
  });

  it("opens the menu of a node, from which it can be collapsed", async () => {
    const { document, user } = show();
    focusCanvas();
    act(() => select(["sum"]));
    press("node.menu");
    await user.click(await screen.findByRole("menuitem", { name: "Collapse" }));
    expect(document.workflow.nodes.get("sum")?.layout.collapsed).toBe(true);
    expect(within(node("sum")).queryByText("from")).toBeNull();
  });

  it("deletes what is selected and can bring it back", () => {
    const { document } = show();
    focusCanvas();
    act(() => select({ nodes: ["sum"], notes: ["remark"] }));
    press("canvas.delete");
    expect([document.workflow.nodes.has("sum"), document.workflow.notes.size]).toEqual([false, 0]);
    act(() => void document.undo());
    expect([document.workflow.nodes.has("sum"), document.workflow.notes.size]).toEqual([true, 1]);
  });

  it("copies and pastes with the edges among the copies", () => {
    const { document } = show();
    const canvas = focusCanvas();
    act(() => select(["sum", "round"]));
    press("canvas.duplicate");
    expect(document.workflow.nodes.size).toBe(8);
    expect(document.workflow.edges.size).toBe(5);
    expect(canvas.getAttribute("aria-label")).toBe("Workflow canvas, 9 items");
  });
});
