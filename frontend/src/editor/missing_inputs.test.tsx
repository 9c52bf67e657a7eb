import { act, cleanup, render, screen } from "@testing-library/react";
import { ReactFlowProvider } from "@xyflow/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MissingInputs } from "@/editor/MissingInputs";
import { startDiagnostics } from "@/state/diagnostics";
import { noteTried } from "@/state/run_store";
import { closeTab, newTab, useSession } from "@/state/session";

const MISSING = ["a", "b"].map((port) => ({
  code: "missing-input",
  severity: "error",
  blocks: "node",
  message: `the input '${port}' is neither set nor connected`,
  node: "sum",
  port,
  hint: "",
  pointer: "",
}));

let stop = () => {};
beforeEach(() => {
  const answer = { diagnostics: MISSING };
  vi.stubGlobal("fetch", async () => Response.json(answer));
});
afterEach(async () => {
  cleanup();
  stop();
  await closeTab(useSession.getState().activeId ?? "", { discard: true });
  vi.unstubAllGlobals();
});

describe("required inputs that are not there yet", () => {
  it("are counted calmly in the head of the node until somebody tries to run it", async () => {
    const tab = newTab();
    stop = startDiagnostics();
    render(
      <ReactFlowProvider>
        <MissingInputs node="sum" />
      </ReactFlowProvider>,
    );
    const dot = await screen.findByRole("img", { name: "Still needs 2 values: a, b" });
    expect(dot.textContent).toBe("2");
    act(() => noteTried(tab, ["sum"]));
    expect(screen.queryByRole("img")).toBeNull();
  });
});
