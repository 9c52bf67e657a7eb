import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { StatusCard } from "@/panels/status/StatusCard";
import { usePlan } from "@/state/packages_plan";
import type { NodeRun } from "@/state/run_state";
import { useSelection } from "@/state/selection";

afterEach(cleanup);

function show(run: Partial<NodeRun>, cause = "") {
  const whole: NodeRun = { status: "queued", number: 3, logs: [], ...run };
  return render(<StatusCard id="n" title="Count" run={whole} selected={false} cause={cause} />);
}

describe("a node in the status panel", () => {
  it("shows how far it is, in per cent and in its own words", () => {
    show({ status: "running", progress: 0.25, message: "Step 5 of 20" });
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("25");
    expect(screen.getByText("25 %")).toBeTruthy();
    expect(screen.getByText("Step 5 of 20")).toBeTruthy();
    expect(screen.getByRole("article").dataset.look).toBe("progress");
  });

  it("shows text as it arrives", () => {
    show({ status: "streaming", text: "Once upon" });
    expect(screen.getByRole("region", { name: "Streamed text" }).textContent).toBe("Once upon");
    expect(screen.getByRole("img", { name: "Streaming" })).toBeTruthy();
  });

  it("shows its number, its time and a small value beside its name", () => {
    show({ status: "done", output: 48, seconds: 1.239 });
    expect(screen.getByText("3")).toBeTruthy();
    expect(screen.getByText("1.24 s")).toBeTruthy();
    expect(screen.getByText("48")).toBeTruthy();
    expect(screen.getByRole("img", { name: "Done" })).toBeTruthy();
  });

  it("says that a result was taken from an earlier run", () => {
    show({ status: "done", output: 1, seconds: 0, cached: true });
    expect(screen.getByText("cached")).toBeTruthy();
  });

  it("says why it failed, with the way through the code", () => {
    const failure = {
      message: "not a number",
      type: "ValueError",
      traceback: "line 7",
      hint: "Set a number.",
      port: "a",
      code: "",
    };
    show({ status: "failed", failure });
    const { textContent } = screen.getByRole("article");
    for (const part of ["ValueError: not a number", "At the input “a”.", "Set a number.", "line 7"]) {
      expect(textContent).toContain(part);
    }
  });

  it("offers the libraries that it lacks", async () => {
    const message = 'video files need PyAV; add it with: pip install "psynapse[video]"';
    show({
      status: "failed",
      failure: { message, type: "ImportError", traceback: "", hint: "", port: null, code: "" },
    });
    await userEvent.click(screen.getByRole("button", { name: "Add the libraries for video …" }));
    expect(usePlan.getState().plan?.wish.package).toBe("psynapse[video]");
  });

  it("names the cause when it was skipped", () => {
    show({ status: "skipped", because: "x" }, "divide");
    expect(screen.getByText("Skipped because “divide” failed.")).toBeTruthy();
  });

  it("selects the node when it is pressed", async () => {
    show({ status: "done", output: 1 });
    await userEvent.click(screen.getByTitle("Show this node"));
    expect([...useSelection.getState().nodes]).toEqual(["n"]);
  });

  it("keeps the log folded until it is asked for", async () => {
    show({ status: "done", output: 1, logs: [{ stream: "stdout", text: "hello\n" }] });
    expect(screen.queryByText(/hello/)).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: /Log/ }));
    expect(screen.getByText(/hello/)).toBeTruthy();
  });
});
