import { describe, expect, it } from "vitest";
import { EMPTY_CATALOG } from "@/graph/catalog";
import { parseWorkflow } from "@/graph/file";
import { flowOrder, outlineRows } from "@/panels/outline/outline_rows";

const node = (id: string, type = "variableNode") => ({ id, type, data: { label: id.toUpperCase() } });
const edge = (source: string, target: string, targetHandle: string) => ({
  source,
  target,
  sourceHandle: "output",
  targetHandle,
});

describe("the outline", () => {
  it("has the nodes in the order in which they run", () => {
    const workflow = parseWorkflow({
      nodes: [node("view", "viewNode"), node("a"), node("list", "listNode")],
      edges: [edge("list", "view", "input"), edge("a", "list", "input-0")],
    });
    expect(flowOrder(workflow)).toEqual(["a", "list", "view"]);
  });

  it("keeps the nodes of a circle", () => {
    const workflow = parseWorkflow({
      nodes: [node("a", "listNode"), node("b", "listNode"), node("c")],
      edges: [edge("a", "b", "input-0"), edge("b", "a", "input-0")],
    });
    expect(flowOrder(workflow)).toEqual(["c", "a", "b"]);
  });

  it("has under an unfolded node what it is connected to", () => {
    const workflow = parseWorkflow({
      nodes: [node("a"), node("list", "listNode"), node("view", "viewNode")],
      edges: [edge("a", "list", "input-0"), edge("list", "view", "input")],
    });
    const rows = outlineRows(workflow, EMPTY_CATALOG, new Set(["list"]));
    expect(rows.map(({ level, text, node }) => [level, text, node])).toEqual([
      [1, "A", "a"],
      [1, "LIST", "list"],
      [2, "1 from A", "a"],
      [2, "output to VIEW", "view"],
      [1, "VIEW", "view"],
    ]);
    expect(rows.map(({ position, size }) => `${position}/${size}`)).toEqual([
      "1/3",
      "2/3",
      "1/2",
      "2/2",
      "3/3",
    ]);
  });
});
