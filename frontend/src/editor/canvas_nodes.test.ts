import { describe, expect, it } from "vitest";
import { setValue } from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import { CanvasStore } from "@/editor/canvas_store";
import { SAMPLE_CATALOG, SAMPLE_FILE } from "@/editor/sample_workflow";

const NONE = { nodes: new Set<string>(), edges: new Set<string>(), notes: new Set<string>() };

function followed(file: unknown = SAMPLE_FILE) {
  const document = WorkflowDocument.fromJson(file);
  const store = new CanvasStore();
  store.follow(document.workflow, SAMPLE_CATALOG, NONE);
  return { document, store };
}

function nodeOf(store: CanvasStore, id: string) {
  return store.content.nodes.find((node) => node.id === id);
}

describe("what React Flow is given", () => {
  it("draws unknown functions as placeholders and notes behind all nodes", () => {
    const { store } = followed();
    expect(store.content.nodes.map(({ id, type }) => [id, type])).toEqual([
      ["note:remark", "note"],
      ["rate", "variableNode"],
      ["sum", "functionNode"],
      ["round", "functionNode"],
      ["shown", "viewNode"],
      ["gone", "unknown"],
      ["items", "listNode"],
    ]);
    expect(nodeOf(store, "note:remark")?.zIndex).toBe(-1);
  });

  it("knows sizes and ports of nodes that were never drawn", () => {
    const { store } = followed();
    for (const { measured, handles } of store.content.nodes) {
      expect(measured?.width).toBeGreaterThan(0);
      expect(measured?.height).toBeGreaterThan(0);
      expect(handles).toBeDefined();
    }
    expect(nodeOf(store, "sum")?.handles?.map(({ id }) => id)).toEqual(["result", "a", "b"]);
  });

  it("keeps the objects of 4,999 of 5,000 nodes when a value of one changes", () => {
    const nodes = Array.from({ length: 5_000 }, (_, index) => ({
      id: `n${index}`,
      type: "functionNode",
      data: { functionName: "add" },
    }));
    const { document, store } = followed({ version: 1, nodes, edges: [] });
    const before = new Set(store.content.nodes);
    const edges = store.content.edges;
    setValue(document, "n2500", "b", 7);
    store.follow(document.workflow, SAMPLE_CATALOG, NONE);
    expect(store.content.nodes.filter((node) => !before.has(node)).map(({ id }) => id)).toEqual(["n2500"]);
    expect(store.content.edges).toEqual(edges);
  });

  it("gives a selected node another object, but the same data", () => {
    const { document, store } = followed();
    const before = nodeOf(store, "sum");
    store.follow(document.workflow, SAMPLE_CATALOG, { ...NONE, nodes: new Set(["sum"]) });
    expect(nodeOf(store, "sum")?.selected).toBe(true);
    expect(nodeOf(store, "sum")?.data).toBe(before?.data);
  });

  it("draws an edge that names its ports in another way between the ports that are meant", () => {
    const file = { ...SAMPLE_FILE, edges: [{ source: "sum", sourceHandle: "output", target: "shown" }] };
    const { store } = followed(file);
    expect(store.content.edges.map(({ sourceHandle, targetHandle }) => [sourceHandle, targetHandle])).toEqual(
      [["result", "input"]],
    );
  });
});

describe("what lives on the canvas only", () => {
  it("leaves a dragged node where it is while something else changes", () => {
    const { document, store } = followed();
    const position = { x: 400, y: 50 };
    store.apply([{ type: "position", id: "sum", position, dragging: true }], () => undefined);
    setValue(document, "round", "digits", 3);
    store.follow(document.workflow, SAMPLE_CATALOG, NONE);
    expect(nodeOf(store, "sum")?.position).toEqual(position);
    expect(document.workflow.nodes.get("sum")?.layout).toEqual({ x: 320, y: 0 });
  });

  it("keeps measured sizes and ports when the node's value changes", () => {
    const { document, store } = followed();
    const handles = nodeOf(store, "sum")?.handles?.map((handle) => ({ ...handle, y: handle.y + 3 }));
    store.apply([{ type: "dimensions", id: "sum", dimensions: { width: 250, height: 180 } }], () => handles);
    setValue(document, "sum", "b", 9);
    store.follow(document.workflow, SAMPLE_CATALOG, NONE);
    expect(nodeOf(store, "sum")?.measured).toEqual({ width: 250, height: 180 });
    expect(nodeOf(store, "sum")?.handles).toEqual(handles);
  });

  it("tells boxes by the ids that the workflow has", () => {
    const { store } = followed();
    expect(store.boxes(new Set(["remark"]))).toEqual([
      { id: "remark", x: 320, y: 320, width: 240, height: 120 },
    ]);
  });
});
