// @vitest-environment node
import { describe, expect, it } from "vitest";
import { copy, paste } from "@/graph/clipboard";
import {
  Chance,
  edge,
  largeWorkflow,
  node,
  quickest,
  randomJson,
  randomWorkflow,
  workflow,
} from "@/graph/random_cases";

const flow = workflow(
  [node("a", "variableNode", { variableValue: "x" }), node("b"), node("c")],
  [edge("a", "b"), edge("b", "c")],
  [{ id: "m", x: 0, y: 0, width: 240, height: 160, text: "Hello", color: "yellow" }],
);

describe("the clipboard", () => {
  it("takes what is selected with the edges between", () => {
    const part = paste(copy(flow, ["a", "b", "m"]));
    expect([...(part?.nodes.values() ?? [])]).toEqual([flow.nodes.get("a"), flow.nodes.get("b")]);
    expect([...(part?.edges.keys() ?? [])]).toEqual([edge("a", "b").id]);
    expect(part?.notes).toEqual(flow.notes);
  });

  it("gives back what was copied, of any workflow", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const some = randomWorkflow(new Chance(seed));
      const part = paste(copy(some, [...some.nodes.keys(), ...some.notes.keys()]));
      expect(part).toEqual({ ...some, extra: {} });
    }
  });

  it("is readable text", () => {
    expect(JSON.parse(copy(flow, ["a"]))).toEqual({
      psynapse: 1,
      nodes: [{ id: "a", type: "variableNode", data: { variableValue: "x" } }],
      edges: [],
      layout: { a: { x: 0, y: 0 } },
    });
  });

  it("takes whole workflow files of any version", () => {
    const old = { nodes: [{ id: "a", data: { functionName: "add" }, position: { x: 5, y: 6 } }], edges: [] };
    expect(paste(JSON.stringify(old))?.nodes.get("a")).toMatchObject({
      type: "functionNode",
      layout: { x: 5, y: 6 },
    });
  });

  it.each([
    "",
    "hello",
    "{",
    "{}",
    "[]",
    "42",
    '"{}"',
    '{"nodes": []}',
    '{"nodes": {}}',
    '{"version": 99, "nodes": []}',
  ])("takes nothing else: %s", (text) => expect(paste(text)).toBeNull());

  it("never fails on what others put there", () => {
    const chance = new Chance(7);
    for (let round = 0; round < 500; round += 1)
      paste(JSON.stringify({ nodes: [randomJson(chance)], edges: randomJson(chance) }));
  });

  it("drops edges that lead out of what is pasted", () => {
    const file = { nodes: [{ id: "a", type: "viewNode" }], edges: [{ source: "gone", target: "a" }] };
    expect(paste(JSON.stringify(file))?.edges.size).toBe(0);
  });

  it("copies and reads 5,000 nodes in a moment", () => {
    const large = largeWorkflow(5000);
    const through = () => paste(copy(large, large.nodes.keys()));
    expect(through()?.edges.size).toBe(large.edges.size);
    expect(quickest(3, through)).toBeLessThan(300);
  });
});
