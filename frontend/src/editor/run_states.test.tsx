import { act, cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Canvas } from "@/editor/Canvas";
import { SAMPLE_CATALOG, SAMPLE_FILE } from "@/editor/sample_workflow";
import { parseWorkflow } from "@/graph/file";
import { catalogResource } from "@/state/catalog";
import { type NodeRun, newRun, type RunState } from "@/state/run_state";
import { patchRuns, showRun } from "@/state/run_store";
import { activeDocument, closeTab, newTab, useSession } from "@/state/session";

const WORKFLOW = parseWorkflow(SAMPLE_FILE);
const FAILURE = { message: "no\nmore", type: "ValueError", traceback: "x", hint: "", port: null, code: "" };

/** jsdom lays nothing out: everything has a size, so that the canvas draws it. */
beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in tests")));
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
  vi.spyOn(catalogResource, "refresh").mockResolvedValue(undefined);
  catalogResource.store.setState({
    value: { catalog: SAMPLE_CATALOG, etag: null, failures: [] },
    status: "ready",
  });
});
afterEach(async () => {
  cleanup();
  await closeTab(useSession.getState().activeId ?? "", { discard: true });
  vi.unstubAllGlobals();
});

function nodeWith(run: Omit<NodeRun, "number" | "logs">): HTMLElement {
  const tab = newTab(WORKFLOW);
  const document = activeDocument();
  if (!document) throw new Error("no document");
  render(<Canvas document={document} />);
  const state: RunState = {
    ...newRun("r"),
    status: "running",
    nodes: new Map([["sum", { number: 1, logs: [], ...run }]]),
  };
  act(() => showRun(tab, { run: state, ran: WORKFLOW, expected: new Set(), isOwn: true }));
  return shown("sum");
}

function shown(id: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`);
  if (!found) throw new Error(`${id} is not on the screen`);
  return found;
}

const lookOf = (element: HTMLElement) => element.querySelector("[data-kind]")?.getAttribute("data-look");

describe("a node in a run", () => {
  const STATES: readonly (readonly [string, Omit<NodeRun, "number" | "logs">, string])[] = [
    ["queued", { status: "queued" }, "Waiting"],
    ["running", { status: "running" }, "Running"],
    ["running", { status: "running", progress: 0.4, message: "row 4" }, "40 % · row 4"],
    ["streaming", { status: "streaming", text: "Once" }, "Streaming"],
    ["done", { status: "done", output: 3, seconds: 0.25 }, "Done"],
    ["cached", { status: "done", output: 3, seconds: 0.25, cached: true }, "Cached"],
    ["failed", { status: "failed", failure: FAILURE }, "Failed"],
    ["skipped", { status: "skipped", because: "rate" }, "Skipped"],
    ["cancelled", { status: "cancelled" }, "Stopped"],
  ];

  it.each(STATES)("that is %s has a glyph, a border and words for it", (look, run, words) => {
    const element = nodeWith(run);
    expect(lookOf(element)).toBe(look);
    const glyph = within(element).getByRole("img", { name: words });
    expect(glyph.querySelector("svg")).not.toBeNull();
    expect(glyph.getAttribute("data-look")).toBe(look);
  });

  it("has how long it took in place of a word once it is done", () => {
    expect(within(nodeWith({ status: "done", output: 3, seconds: 0.25 })).getByText("250 ms")).toBeTruthy();
  });

  it("has the first line of its error, and the rest a press away", async () => {
    const element = nodeWith({ status: "failed", failure: FAILURE });
    expect(within(element).getByText("no")).toBeTruthy();
    act(() => within(element).getByRole("button", { name: "Details" }).click());
    expect(await screen.findByRole("dialog", { name: "Error" })).toBeTruthy();
  });

  it("is out of date once an edit has changed what it gives", () => {
    const element = nodeWith({ status: "done", output: 3, seconds: 0.25 });
    act(() => patchRuns(useSession.getState().activeId ?? "", { stale: new Set(["sum"]) }));
    expect(lookOf(element)).toBe("stale");
    expect(within(element).getByRole("img", { name: "Out of date" })).toBeTruthy();
  });
});
