// @vitest-environment node
import { describe, expect, it } from "vitest";
import {
  addFunction,
  addNode,
  deleteItems,
  duplicate,
  paste,
  setFunction,
  setValue,
} from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import type { Schema } from "@/graph/catalog";
import { copy, paste as read } from "@/graph/clipboard";
import {
  CATALOG,
  Chance,
  edge,
  largeWorkflow,
  node,
  quickest,
  randomWorkflow,
  schema,
  workflow,
} from "@/graph/random_cases";

const known = (name: string): Schema => CATALOG.byName.get(name)?.[0] ?? schema(name, []);
const open = () =>
  new WorkflowDocument(
    workflow(
      [
        node("add_1", "functionNode", { functionName: "add" }),
        node("view_1", "viewNode", {}, { x: 300, y: 40 }),
      ],
      [edge("add_1", "view_1", "input")],
      [{ id: "note_1", text: "Hi", x: 0, y: 300, width: 240, height: 160 }],
    ),
  );
const get = (document: WorkflowDocument, id: string) => document.workflow.nodes.get(id);
const undone = (document: WorkflowDocument) => document.undo()?.label;

describe("adding nodes", () => {
  it("gives them readable ids and puts them where they are wanted", () => {
    const document = open();
    expect(addFunction(document, known("add"), { x: 5, y: 6 })).toBe("add_2");
    expect(get(document, "add_2")).toEqual({
      id: "add_2",
      type: "functionNode",
      data: { ref: "basic/ops.py:add", functionName: "add" },
      layout: { x: 5, y: 6 },
      extra: {},
    });
    const data = { variableType: "Number", variableValue: 5 };
    expect(addNode(document, { type: "variableNode", data, layout: { x: 0, y: 0, collapsed: true } })).toBe(
      "variable_1",
    );
    expect(undone(document)).toBe("Add variable");
  });

  it("connects them at once, in one step", () => {
    const document = open();
    const before = document.toJson();
    const link = { from: { node: "add_1", handle: "result" }, side: "output", handle: "text" } as const;
    const id = addFunction(document, known("upper"), { x: 0, y: 0 }, link);
    expect([...document.workflow.edges.values()].at(-1)).toMatchObject({
      source: "add_1",
      sourceHandle: "result",
      target: id,
      targetHandle: "text",
    });
    document.undo();
    expect(document.toJson()).toEqual(before);
  });

  it("replaces the edge at the input that they are made for", () => {
    const document = open();
    const link = { from: { node: "view_1", handle: "input" }, side: "input", handle: "output" } as const;
    const id = addNode(document, { type: "variableNode", layout: { x: 0, y: 0 } }, link);
    expect([...document.workflow.edges.values()]).toMatchObject([
      { source: id, sourceHandle: "output", target: "view_1" },
    ]);
  });

  it("can be changed to another function, values and edges stay", () => {
    const document = open();
    setValue(document, "add_1", "a", 1);
    setFunction(document, "add_1", known("upper"));
    expect(get(document, "add_1")?.data).toEqual({ functionName: "upper", ref: "basic/ops.py:upper", a: 1 });
    setFunction(document, "view_1", known("upper"));
    expect(get(document, "view_1")?.data).toEqual({});
  });
});

describe("deleting", () => {
  it("takes the edges at a node along and is one step", () => {
    const document = open();
    const before = document.toJson();
    deleteItems(document, { nodes: ["add_1", "gone"], notes: ["note_1"] });
    expect([
      document.workflow.nodes.size,
      document.workflow.edges.size,
      document.workflow.notes.size,
    ]).toEqual([1, 0, 0]);
    expect(undone(document)).toBe("Delete node");
    expect(document.toJson()).toEqual(before);
  });

  it.each([
    [{ nodes: ["add_1", "view_1"] }, "Delete 2 nodes"],
    [{ edges: [edge("add_1", "view_1", "input").id] }, "Delete edge"],
    [{ notes: ["note_1"] }, "Delete note"],
  ])("says what: %j", (items, label) => {
    const document = open();
    deleteItems(document, items);
    expect(undone(document)).toBe(label);
  });

  it("of nothing is no step", () => {
    const document = open();
    deleteItems(document, { nodes: ["gone"], edges: ["gone"] });
    expect(document.canUndo).toBe(false);
  });
});

describe("copies", () => {
  it("are put beside, with new ids and the edges between", () => {
    const document = open();
    expect(duplicate(document, ["view_1", "note_1", "add_1", "gone"])).toEqual(["add_2", "view_2", "note_2"]);
    expect(document.workflow.edges.has(edge("add_2", "view_2", "input").id)).toBe(true);
    expect(get(document, "view_2")?.layout).toEqual({ x: 332, y: 72 });
    expect(duplicate(document, ["add_1"])).toEqual(["add_3"]);
    expect(get(document, "add_3")?.layout).toEqual({ x: 64, y: 64 });
    expect([undone(document), undone(document)]).toEqual(["Duplicate", "Duplicate"]);
  });

  it("of a note alone are put beside it", () => {
    const document = open();
    duplicate(document, ["note_1"]);
    expect(document.workflow.notes.get("note_2")).toMatchObject({ x: 32, y: 332, text: "Hi" });
  });

  it("are pasted where they are wanted", () => {
    const document = open();
    const text = copy(document.workflow, ["add_1", "view_1"]);
    const other = WorkflowDocument.fromJson({ nodes: [], edges: [] });
    const ids = paste(other, read(text) ?? workflow([]), { x: 100, y: 200 });
    expect(ids).toEqual(["add_1", "view_1"]);
    expect([...other.workflow.nodes.values()].map(({ layout }) => layout)).toEqual([
      { x: 100, y: 200 },
      { x: 400, y: 240 },
    ]);
  });

  it("are the same as the originals but for ids and places", () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const original = randomWorkflow(new Chance(seed));
      const document = new WorkflowDocument(original);
      const all = [...original.nodes.keys(), ...original.notes.keys()];
      const before = document.toJson();
      const ids = paste(document, read(copy(original, all)) ?? workflow([]), { x: 0, y: 0 });
      const names = new Map(ids.map((id, index) => [id, all[index] ?? ""]));
      expect(new Set([...ids, ...all]).size).toBe(ids.length + all.length);
      expect(edgesAmong(document, names)).toEqual([...original.edges.values()].map(ends));
      for (const [id, old] of names) {
        const [copied, source] = [get(document, id), original.nodes.get(old)];
        expect([copied?.type, copied?.data, copied?.extra]).toEqual([
          source?.type,
          source?.data,
          source?.extra,
        ]);
      }
      document.undo();
      expect(document.toJson()).toEqual(before);
    }
  });

  it("of 5,000 nodes are made in a moment", () => {
    const large = largeWorkflow(5000);
    const text = copy(large, large.nodes.keys());
    const empty = () => WorkflowDocument.fromJson({ nodes: [], edges: [] });
    expect(paste(empty(), read(text) ?? large).length).toBe(5000);
    const copying = quickest(2, () => copy(large, large.nodes.keys()));
    const pasting = quickest(2, () => paste(empty(), read(text) ?? large));
    // A fifth of this on an idle machine; more than this is a matter of squares.
    expect(copying + pasting).toBeLessThan(1500);
  });
});

const ends = ({ source, target, sourceHandle, targetHandle }: ReturnType<typeof edge>) =>
  `${source}.${sourceHandle}-${target}.${targetHandle}`;
const edgesAmong = (document: WorkflowDocument, names: ReadonlyMap<string, string>) =>
  [...document.workflow.edges.values()]
    .filter(({ source }) => names.has(source))
    .map((one) => ends({ ...one, source: names.get(one.source) ?? "", target: names.get(one.target) ?? "" }));
