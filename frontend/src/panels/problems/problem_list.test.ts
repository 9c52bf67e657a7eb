import { describe, expect, it } from "vitest";
import { EMPTY_CATALOG } from "@/graph/catalog";
import { parseWorkflow } from "@/graph/file";
import { problemList } from "@/panels/problems/problem_list";
import { newRun } from "@/state/run_state";

const WORKFLOW = parseWorkflow({
  nodes: [{ id: "a", type: "viewNode", data: { label: "Shown" } }],
  edges: [],
});
const FINDING = { code: "c", blocks: "node", node: "a", port: null, hint: "Do this.", pointer: "" } as const;
const FAILURE = { message: "no", type: "ValueError", traceback: "line 1", hint: "", port: null, code: "" };

const failed = (failure: typeof FAILURE) => ({
  ...newRun("r"),
  nodes: new Map([["a", { status: "failed", number: 1, logs: [], failure } as const]]),
});

describe("the list of problems", () => {
  it("has errors before warnings, with what their node is called", () => {
    const found = problemList(
      WORKFLOW,
      EMPTY_CATALOG,
      [
        { ...FINDING, severity: "warning", message: "odd" },
        { ...FINDING, severity: "error", message: "wrong" },
      ],
      null,
    );
    expect(found.map(({ message, title }) => [message, title])).toEqual([
      ["wrong", "Shown"],
      ["odd", "Shown"],
    ]);
  });

  it("has what is only not set yet at the end, until somebody tries to run it", () => {
    const missing = {
      ...FINDING,
      code: "missing-input",
      severity: "error",
      message: "a is missing",
    } as const;
    const wrong = { ...FINDING, severity: "error", message: "wrong" } as const;
    const severities = (tried: string[]) =>
      problemList(WORKFLOW, EMPTY_CATALOG, [missing, wrong], null, new Set(tried)).map(
        ({ severity, message }) => [severity, message],
      );
    expect(severities([])).toEqual([
      ["error", "wrong"],
      ["missing", "a is missing"],
    ]);
    expect(severities(["a"])).toEqual([
      ["error", "a is missing"],
      ["error", "wrong"],
    ]);
  });

  it("has what failed in the run", () => {
    const [problem] = problemList(WORKFLOW, EMPTY_CATALOG, [], failed(FAILURE));
    expect(problem).toMatchObject({ message: "ValueError: no", node: "a", origin: "run" });
  });

  it("says once what both the check and the run have found", () => {
    const diagnostics = [{ ...FINDING, severity: "error", message: "missing" } as const];
    const run = failed({ ...FAILURE, message: "missing", traceback: "", type: "Diagnostic" });
    expect(problemList(WORKFLOW, EMPTY_CATALOG, diagnostics, run)).toHaveLength(1);
    expect(problemList(WORKFLOW, EMPTY_CATALOG, [], run), "after it was mended").toEqual([]);
  });
});
