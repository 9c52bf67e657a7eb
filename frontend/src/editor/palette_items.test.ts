import { describe, expect, it } from "vitest";
import { WorkflowDocument } from "@/document/document";
import { makeCanvasUi } from "@/editor/canvas_ui";
import { connectChoices } from "@/editor/connect_choices";
import { addItem, type PaletteItem, paletteItems } from "@/editor/palette_items";
import { SAMPLE_CATALOG, SAMPLE_FILE } from "@/editor/sample_workflow";

const AT = { x: 0, y: 0 };
const names = (items: readonly PaletteItem[]) => items.map(({ key }) => key.replace(/.*:/, ""));

describe("what the palette offers", () => {
  it("begins with the built-in nodes while nothing is typed", () => {
    expect(names(paletteItems(SAMPLE_CATALOG, "", { at: AT })).slice(0, 4)).toEqual([
      "variableNode",
      "listNode",
      "viewNode",
      "note",
    ]);
  });

  it("offers only what takes the value of a dropped wire", () => {
    const link = { from: { node: "x", handle: "result" }, side: "output", type: "list[dict]" } as const;
    const offered = names(paletteItems(SAMPLE_CATALOG, "", { at: AT, link }));
    expect(offered).toContain("list_length");
    expect(offered).not.toContain("add");
    expect(offered).not.toContain("variableNode");
  });

  it("adds what was chosen at the end of the wire", () => {
    const document = WorkflowDocument.fromJson(SAMPLE_FILE);
    const canvas = { document, catalog: SAMPLE_CATALOG, ui: makeCanvasUi() };
    const link = { from: { node: "rate", handle: "output" }, side: "output", type: "float" } as const;
    const [item] = paletteItems(SAMPLE_CATALOG, "round", { at: AT, link });
    if (!item) throw new Error("nothing was offered");
    const added = addItem(canvas, item, { at: AT, link }, { x: 16, y: 32 });
    const edges = [...document.workflow.edges.values()];
    expect(added).toEqual({ node: edges.at(-1)?.target });
    expect(edges.at(-1)).toMatchObject({ source: "rate", sourceHandle: "output", targetHandle: "number" });
    document.undo();
    expect(document.workflow.nodes.size).toBe(SAMPLE_FILE.nodes.length);
  });

  it("inserts a function on an edge", () => {
    const document = WorkflowDocument.fromJson(SAMPLE_FILE);
    const canvas = { document, catalog: SAMPLE_CATALOG, ui: makeCanvasUi() };
    const edge = [...document.workflow.edges.values()].find(({ target }) => target === "shown");
    const [item] = paletteItems(SAMPLE_CATALOG, "add", { at: AT, edge: edge?.id ?? "" });
    if (!item || !edge) throw new Error("nothing to insert, or nowhere");
    const added = addItem(canvas, item, { at: AT, edge: edge.id }, AT);
    if (!added || !("node" in added)) throw new Error("nothing was inserted");
    const ends = [...document.workflow.edges.values()].map(({ source, target }) => `${source} ${target}`);
    expect(ends).toContain(`round ${added.node}`);
    expect(ends).toContain(`${added.node} shown`);
    expect(ends).not.toContain("round shown");
  });
});

describe("the list of connections for the keyboard", () => {
  const { workflow } = WorkflowDocument.fromJson(SAMPLE_FILE);

  it("leaves out what would close a circle", () => {
    const others = connectChoices(workflow, SAMPLE_CATALOG, "round", "").filter(({ isOutput }) => isOutput);
    expect(others.some(({ connection }) => connection.target === "sum")).toBe(false);
    expect(others.some(({ connection }) => connection.target === "items")).toBe(true);
  });

  it("finds by words of both ends", () => {
    const found = connectChoices(workflow, SAMPLE_CATALOG, "sum", "b rate");
    expect(found.map(({ own, other }) => [own, other])).toEqual([["b", "Rate · output"]]);
  });
});
