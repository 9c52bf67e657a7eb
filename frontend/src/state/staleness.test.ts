// @vitest-environment node
import { describe, expect, it } from "vitest";
import * as commands from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import { downstream } from "@/graph/adjacency";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import { Chance, edge, node, workflow } from "@/graph/random_cases";
import type { Workflow } from "@/graph/workflow";
import { isSameLogic, staleNodes } from "@/state/staleness";

const call = (id: string) => node(id, "functionNode", { functionName: "add", a: 1 });
const open = () =>
  new WorkflowDocument(
    workflow([call("x"), call("y"), call("z"), call("lone")], [edge("x", "y"), edge("y", "z")]),
  );

/** What an edit of that workflow makes stale. */
function madeStaleBy(change: (document: WorkflowDocument) => void): string[] {
  const document = open();
  const ran = document.workflow;
  change(document);
  const stale = [...staleNodes(ran, document.workflow)].sort();
  // The same, read from a file, where no object is the same.
  const reread = (one: Workflow) => parseWorkflow(JSON.parse(JSON.stringify(dumpWorkflow(one))));
  expect([...staleNodes(reread(ran), reread(document.workflow))].sort()).toEqual(stale);
  expect(isSameLogic(ran, document.workflow)).toBe(stale.length === 0 && document.workflow.nodes.size === 4);
  return stale;
}

describe("an edit makes stale", () => {
  it("the node whose value it changes, and all behind it", () => {
    expect(madeStaleBy((document) => commands.setValue(document, "y", "a", 2))).toEqual(["y", "z"]);
    expect(madeStaleBy((document) => commands.clearValue(document, "z", "a"))).toEqual(["z"]);
  });

  it("nothing when a value is set to what it was", () => {
    expect(madeStaleBy((document) => commands.setValue(document, "y", "a", 1))).toEqual([]);
  });

  it("nothing when nodes are moved, named, collapsed or commented on", () => {
    expect(madeStaleBy((document) => commands.moveNodes(document, new Map([["x", { x: 9, y: 9 }]])))).toEqual(
      [],
    );
    expect(madeStaleBy((document) => commands.rename(document, "x", "First"))).toEqual([]);
    expect(madeStaleBy((document) => commands.collapse(document, ["x"], true))).toEqual([]);
    expect(madeStaleBy((document) => commands.addNote(document, { x: 0, y: 0 }))).toEqual([]);
  });

  it("what loses an input, gets one, or gets another one", () => {
    expect(madeStaleBy((document) => commands.disconnect(document, edge("y", "z").id))).toEqual(["z"]);
    const target = { target: "y", targetHandle: "b", sourceHandle: "result" };
    expect(madeStaleBy((document) => commands.connect(document, { ...target, source: "lone" }))).toEqual([
      "y",
      "z",
    ]);
  });

  it("what was behind a node that was deleted", () => {
    const items = { nodes: ["x"], edges: [], notes: [] };
    expect(madeStaleBy((document) => commands.deleteItems(document, items))).toEqual(["y", "z"]);
  });

  it("nothing once it is undone", () => {
    expect(
      madeStaleBy((document) => {
        commands.setValue(document, "x", "a", 5);
        document.undo();
      }),
    ).toEqual([]);
  });
});

describe("whatever is edited", () => {
  it("what is stale includes all behind what is stale", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const chance = new Chance(seed);
      const document = open();
      const ran = document.workflow;
      for (let step = 0; step < 4; step += 1) {
        const id = chance.one([...document.workflow.nodes.keys()], "x");
        if (chance.happens(0.5)) commands.setValue(document, id, "a", chance.below(3));
        else commands.deleteItems(document, { nodes: [id], edges: [], notes: [] });
      }
      const stale = staleNodes(ran, document.workflow);
      expect(downstream(document.workflow.edges, stale)).toEqual(stale);
    }
  });
});
