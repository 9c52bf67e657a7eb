import { describe, expect, it, vi } from "vitest";
import { WorkflowDocument } from "@/document/document";
import type { WorkflowNode } from "@/graph/workflow";

const node = (id: string, data: Record<string, number> = {}): WorkflowNode => ({
  id,
  type: "functionNode",
  data,
  layout: { x: 0, y: 0 },
  extra: {},
});

const chain = () =>
  WorkflowDocument.fromJson({
    nodes: ["a", "b", "c"].map((id) => ({ id, type: "functionNode", data: { functionName: "add" } })),
    edges: [
      { source: "a", target: "b", targetHandle: "x" },
      { source: "b", target: "c", targetHandle: "x" },
    ],
  });

const order = (document: WorkflowDocument) => [...document.workflow.nodes.keys()];

describe("an open workflow", () => {
  it("keeps what did not change as the same objects", () => {
    const document = chain();
    const before = document.workflow;
    document.edit("Set", (draft) => draft.setValue("a", "y", 1));
    expect(document.workflow.nodes.get("a")?.data).toEqual({ functionName: "add", y: 1 });
    expect(document.workflow.nodes.get("b")).toBe(before.nodes.get("b"));
    expect(document.workflow.edges).toBe(before.edges);
  });

  it("tells its listeners once for each edit, and not when nothing changed", () => {
    const document = chain();
    const listener = vi.fn();
    document.subscribe(listener);
    document.edit("Two at once", (draft) => {
      draft.setValue("a", "y", 1);
      draft.setValue("b", "y", 2);
    });
    document.edit("Nothing", (draft) => draft.setValue("no such node", "y", 1));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("removes a node with its edges and brings both back to their places", () => {
    const document = chain();
    const before = document.toJson();
    document.edit("Delete", (draft) => draft.removeNodes(["b"]));
    expect(order(document)).toEqual(["a", "c"]);
    expect(document.workflow.edges.size).toBe(0);
    expect(document.undo()?.label).toBe("Delete");
    expect(document.toJson()).toEqual(before);
    expect(document.redo()?.label).toBe("Delete");
    expect(order(document)).toEqual(["a", "c"]);
  });

  it("undoes the keystrokes of one field as one step, and those of two fields as two", () => {
    const document = chain();
    for (const value of [1, 12, 123]) {
      document.edit("Type", (draft) => draft.setValue("a", "y", value), { merge: "a.y" });
    }
    document.edit("Type", (draft) => draft.setValue("b", "y", 1), { merge: "b.y" });
    document.undo();
    expect(document.workflow.nodes.get("a")?.data.y).toBe(123);
    document.undo();
    expect(document.workflow.nodes.get("a")?.data.y).toBeUndefined();
    expect(document.canUndo).toBe(false);
  });

  it("does not merge with a step that was undone and done again", () => {
    const document = chain();
    document.edit("Type", (draft) => draft.setValue("a", "y", 1), { merge: "a.y" });
    document.undo();
    document.redo();
    document.edit("Type", (draft) => draft.setValue("a", "y", 2), { merge: "a.y" });
    document.undo();
    expect(document.workflow.nodes.get("a")?.data.y).toBe(1);
  });

  it("gives back what was selected when the step was made", () => {
    const document = chain();
    document.selection = () => ["b"];
    document.edit("Delete", (draft) => draft.removeNodes(["b"]));
    document.selection = () => [];
    expect(document.undo()).toEqual({ label: "Delete", selection: ["b"] });
  });

  it("forgets the way forward after a new edit", () => {
    const document = chain();
    document.edit("Add", (draft) => draft.putNode(node("d")));
    document.undo();
    document.edit("Add", (draft) => draft.putNode(node("e")));
    expect(document.canRedo).toBe(false);
    expect(order(document)).toEqual(["a", "b", "c", "e"]);
  });

  it("changes a layout property by property", () => {
    const document = chain();
    document.edit("Move", (draft) => draft.setLayout("a", { x: 5, collapsed: true }));
    expect(document.workflow.nodes.get("a")?.layout).toMatchObject({ x: 5, collapsed: true });
    document.edit("Expand", (draft) => draft.setLayout("a", { collapsed: undefined }));
    expect(document.workflow.nodes.get("a")?.layout).not.toHaveProperty("collapsed");
  });

  it("sees nothing to undo in a document just opened", () => {
    const document = chain();
    expect([document.canUndo, document.canRedo, document.undo()]).toEqual([false, false, null]);
  });

  it("keeps what was noted about the file when a step is undone", () => {
    const document = chain();
    document.edit("Set", (draft) => draft.setValue("a", "y", 1));
    document.annotate("packages", { one: "one==1" });
    document.undo();
    expect(document.workflow.nodes.get("a")?.data).toEqual({ functionName: "add" });
    expect(document.toJson().packages).toEqual({ one: "one==1" });
    expect(document.canUndo).toBe(false);
    document.annotate("packages", undefined);
    expect(document.toJson()).not.toHaveProperty("packages");
  });

  it("edits 5,000 nodes in one step", () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({
      id: `n${index}`,
      type: "viewNode",
      data: {},
    }));
    const document = WorkflowDocument.fromJson({ nodes: many, edges: [] });
    document.edit("Move", (draft) => {
      for (const { id } of many) draft.setLayout(id, { x: 7 });
    });
    expect(document.workflow.nodes.get("n4999")?.layout.x).toBe(7);
    document.undo();
    expect(document.workflow.nodes.get("n0")?.layout.x).toBe(0);
  });
});
