import { describe, expect, it } from "vitest";
import { compareWorkflows } from "@/app/compare_workflows";
import { EMPTY_CATALOG } from "@/graph/catalog";
import { parseWorkflow } from "@/graph/file";

const node = (id: string, data = {}) => ({ id, type: "variableNode", data: { label: id, ...data } });
const file = (nodes: object[], edges: object[] = [], more = {}) =>
  parseWorkflow({ nodes, edges, layout: {}, ...more });

describe("comparing two versions", () => {
  it("finds nothing between equal ones, whatever the order of their fields", () => {
    const one = parseWorkflow({
      nodes: [{ id: "a", type: "x", data: { p: 1, q: 2 }, position: { x: 1, y: 2 } }],
      edges: [],
    });
    const other = parseWorkflow({
      edges: [],
      nodes: [{ data: { q: 2, p: 1 }, position: { y: 2, x: 1 }, type: "x", id: "a" }],
    });
    const { items, edgesOnlyMine, edgesOnlyTheirs, rest } = compareWorkflows(one, other, EMPTY_CATALOG);
    expect([items, edgesOnlyMine, edgesOnlyTheirs, rest]).toEqual([[], 0, 0, false]);
  });

  it("names what only one of them has, and what is not the same", () => {
    const mine = file([node("a", { variableValue: 1 }), node("b")]);
    const theirs = file([node("a", { variableValue: 2 }), node("c")]);
    const found = compareWorkflows(mine, theirs, EMPTY_CATALOG).items;
    expect(found.map(({ title, difference }) => `${title} ${difference}`)).toEqual([
      "a changed",
      "b only-mine",
      "c only-theirs",
    ]);
  });

  it("tells a node that is only in another place from one with another value", () => {
    const at = (x: number) => parseWorkflow({ nodes: [{ ...node("a"), position: { x, y: 0 } }], edges: [] });
    expect(compareWorkflows(at(0), at(5), EMPTY_CATALOG).byId.get("a")).toBe("moved");
  });

  it("counts edges by what they connect, not by their ids", () => {
    const edge = (id: string, target: string) => ({ id, source: "a", target, targetHandle: "x" });
    const nodes = [node("a"), node("b"), node("c")];
    const { edgesOnlyMine, edgesOnlyTheirs } = compareWorkflows(
      file(nodes, [edge("1", "b"), edge("2", "c")]),
      file(nodes, [edge("other id", "b")]),
      EMPTY_CATALOG,
    );
    expect([edgesOnlyMine, edgesOnlyTheirs]).toEqual([1, 0]);
  });
});
