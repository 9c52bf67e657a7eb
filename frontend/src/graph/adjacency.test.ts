// @vitest-environment node
import { describe, expect, it } from "vitest";
import { downstream, edgesInto, edgesOutOf, edgesWithout, upstream } from "@/graph/adjacency";
import { edge, largeWorkflow } from "@/graph/random_cases";
import { wayBetween } from "@/graph/ways";

const all = [edge("a", "b"), edge("b", "c"), edge("a", "c", "b"), edge("d", "c", "x")];
const edges = new Map(all.map((one) => [one.id, one]));

describe("the edges of a workflow", () => {
  it("are known by their ends, in their order", () => {
    expect(edgesInto(edges, "c").map(({ source }) => source)).toEqual(["b", "a", "d"]);
    expect(edgesOutOf(edges, "a").map(({ target }) => target)).toEqual(["b", "c"]);
    expect([edgesInto(edges, "a"), edgesOutOf(edges, "gone")]).toEqual([[], []]);
  });

  it("lead up and down", () => {
    expect([...upstream(edges, ["b"])].sort()).toEqual(["a", "b"]);
    expect([...downstream(edges, ["b", "d"])].sort()).toEqual(["b", "c", "d"]);
  });

  it("tell the shortest way", () => {
    expect(wayBetween(edges, "a", "c")).toEqual(["a", "c"]);
    expect(wayBetween(edges, "b", "c")).toEqual(["b", "c"]);
    expect(wayBetween(edges, "c", "a")).toBeNull();
    expect(wayBetween(edges, "a", "a")).toEqual(["a"]);
  });

  it("are the same without one, once asked", () => {
    const id = edge("a", "b").id;
    expect(edgesWithout(edges, id).size).toBe(3);
    expect(edgesWithout(edges, id)).toBe(edgesWithout(edges, id));
    expect(edgesWithout(edges, "gone")).toBe(edges);
    expect(edgesWithout(edges, undefined)).toBe(edges);
  });

  it("can go round in circles", () => {
    const circle = new Map([edge("a", "b"), edge("b", "a")].map((one) => [one.id, one]));
    expect([...upstream(circle, ["a"])].sort()).toEqual(["a", "b"]);
    expect(wayBetween(circle, "b", "a")).toEqual(["b", "a"]);
  });

  it("tell a way through 5,000 nodes", () => {
    const large = largeWorkflow(5000).edges;
    expect(wayBetween(large, "add_1", "add_5000")?.length).toBeGreaterThan(5);
  });
});
