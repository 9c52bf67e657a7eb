/** Pages with a small workflow to run, and the events of its runs, for tests. */

import { finished } from "@/state/fake_server";
import type { RunEvent } from "@/state/run_state";
import { type Browser, workflowWith } from "@/state/test_page";

/** A page with a chain a → b → view open, and a node c beside it. */
export async function pageToRun(browser: Browser) {
  browser.server.change("w", CHAIN);
  const opened = await browser.page();
  await opened.session.openWorkflow("w");
  const runs = await import("@/state/runs");
  const store = await import("@/state/run_store");
  return { ...opened, runs, node: store.nodeRunOf, shown: () => store.runsOf().shown?.run ?? null, store };
}

const node = (id: string, type = "functionNode", data = { functionName: "shout" }) => ({ id, type, data });
const CHAIN = {
  ...workflowWith("one"),
  nodes: [
    { id: "a", type: "functionNode", data: { functionName: "shout", text: "one" } },
    node("b"),
    { id: "view", type: "viewNode", data: {} },
    node("c"),
  ],
  edges: [
    { id: "1", source: "a", target: "b", sourceHandle: "result", targetHandle: "text" },
    { id: "2", source: "b", target: "view", sourceHandle: "result", targetHandle: "input" },
  ],
};

export const event = (seq: number, type: string, id: string | null, fields = {}): RunEvent => ({
  seq,
  at: 0,
  type,
  node: id,
  ...fields,
});
export const done = (seq: number, id: string, output: string) =>
  event(seq, "task-completed", id, { output, seconds: 0.1, cached: false });
export const WHOLE = [
  event(0, "run-started", null, { nodes: 4, cached: [] }),
  done(1, "a", "A"),
  done(2, "b", "B"),
  done(3, "view", "B"),
  done(4, "c", "C"),
  finished(5, "succeeded"),
];
