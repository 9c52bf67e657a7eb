// @vitest-environment node
import { describe, expect, it } from "vitest";
import {
  addNote,
  alignNodes,
  arrange,
  collapse,
  distributeNodes,
  editNote,
  moveItems,
  moveNodes,
  resizeNode,
  setAppearance,
} from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import { boxesOf } from "@/graph/boxes";
import { dumpWorkflow } from "@/graph/file";
import { edge, node, workflow } from "@/graph/random_cases";

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

describe("moving", () => {
  it("moves nodes and notes together", () => {
    const document = open();
    moveItems(
      document,
      "Move",
      new Map([
        ["add_1", { x: 1, y: 2 }],
        ["note_1", { x: 3, y: 4 }],
        ["gone", { x: 0, y: 0 }],
      ]),
    );
    expect(get(document, "add_1")?.layout).toEqual({ x: 1, y: 2 });
    expect(document.workflow.notes.get("note_1")).toMatchObject({ text: "Hi", x: 3, y: 4 });
  });

  it("is no step when nothing moves, and one step while a key is held", () => {
    const document = open();
    moveNodes(document, new Map([["add_1", { x: 0, y: 0 }]]));
    expect(document.canUndo).toBe(false);
    for (const x of [8, 16, 24]) moveNodes(document, new Map([["add_1", { x, y: 0 }]]), { merge: "arrows" });
    document.undo();
    expect(get(document, "add_1")?.layout.x).toBe(0);
  });

  it("keeps what else the layout holds", () => {
    const document = open();
    resizeNode(document, "add_1", { width: 300 }, { x: -60, y: 0 });
    moveNodes(document, new Map([["add_1", { x: 1, y: 2 }]]));
    expect(get(document, "add_1")?.layout).toEqual({ x: 1, y: 2, width: 300 });
    resizeNode(document, "add_1", {});
    resizeNode(document, "gone", { width: 1 });
    expect(get(document, "add_1")?.layout).toEqual({ x: 1, y: 2 });
  });

  it("aligns, distributes and arranges", () => {
    const document = open();
    const boxes = boxesOf(document.workflow);
    alignNodes(document, boxes, "left");
    expect(get(document, "view_1")?.layout).toEqual({ x: 0, y: 40 });
    distributeNodes(document, boxesOf(document.workflow), "vertical");
    arrange(document, new Map([["view_1", { x: 9, y: 9 }]]));
    expect([undone(document), undone(document), undone(document)]).toEqual([
      "Tidy up",
      "Distribute",
      "Align",
    ]);
  });
});

describe("notes", () => {
  it("are added, written and coloured", () => {
    const document = open();
    const id = addNote(document, { x: 1, y: 2 }, "# To do");
    expect(id).toBe("note_2");
    for (const text of ["a", "ab"]) editNote(document, id, { text });
    editNote(document, id, { color: "yellow", width: 300 });
    editNote(document, "gone", { text: "x" });
    const note = { id, text: "ab", x: 1, y: 2, width: 300, height: 160 };
    expect(document.workflow.notes.get(id)).toEqual({ ...note, color: "yellow" });
    editNote(document, id, { color: undefined });
    expect(document.workflow.notes.get(id)).toEqual(note);
    expect([1, 2, 3, 4].map(() => undone(document))).toEqual([
      "Edit note",
      "Edit note",
      "Edit note",
      "Add note",
    ]);
  });
});

describe("the file after many steps", () => {
  it("has its fields in the same order, whatever was changed first", () => {
    const [one, other] = [open(), open()];
    setAppearance(one, ["add_1"], { color: "red" });
    collapse(one, ["add_1"], true);
    collapse(other, ["add_1"], true);
    setAppearance(other, ["add_1"], { color: "red" });
    expect(JSON.stringify(dumpWorkflow(one.workflow))).toBe(JSON.stringify(dumpWorkflow(other.workflow)));
  });
});
