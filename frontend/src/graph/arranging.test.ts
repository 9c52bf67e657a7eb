// @vitest-environment node
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Alignment, align, distribute, tidy, tidyRequest } from "@/graph/arranging";
import { type Box, boundsOf, boxesOf, freePlace } from "@/graph/boxes";
import { CATALOG, Chance, edge, largeWorkflow, node, randomWorkflow, workflow } from "@/graph/random_cases";
import { type TidyRequest, tidied } from "@/graph/tidy_layout";
import type { Point, Workflow } from "@/graph/workflow";

const box = (id: string, x: number, y: number, width = 100, height = 50): Box => ({
  id,
  x,
  y,
  width,
  height,
});
const three = [box("a", 0, 0), box("b", 150, 300, 200, 100), box("c", 400, 90)];
const values = (points: ReadonlyMap<string, Point>, axis: "x" | "y") =>
  [...points.values()].map((point) => point[axis]);

describe("aligning", () => {
  it.each<[Alignment, "x" | "y", number[]]>([
    ["left", "x", [0, 0, 0]],
    ["right", "x", [400, 300, 400]],
    ["center", "x", [200, 150, 200]],
    ["top", "y", [0, 0, 0]],
    ["bottom", "y", [350, 300, 350]],
    ["middle", "y", [175, 150, 175]],
  ])("puts them in line: %s", (how, axis, expected) => {
    const points = align(three, how);
    expect(values(points, axis)).toEqual(expected);
    const other = axis === "x" ? "y" : "x";
    expect(values(points, other)).toEqual(three.map((one) => one[other]));
  });

  it("does nothing to nothing", () => {
    expect(align([], "left").size).toBe(0);
    expect(distribute([], "vertical").size).toBe(0);
  });
});

describe("distributing", () => {
  it("makes the gaps equal and keeps the space that is taken", () => {
    const points = distribute(three, "horizontal");
    expect(Object.fromEntries(points)).toEqual({
      a: { x: 0, y: 0 },
      b: { x: 150, y: 300 },
      c: { x: 400, y: 90 },
    });
    const moved = distribute([box("a", 0, 0), box("b", 10, 0), box("c", 500, 0)], "horizontal");
    expect(values(moved, "x")).toEqual([0, 250, 500]);
    expect(values(distribute(three, "vertical"), "y").sort((a, b) => a - b)).toEqual([0, 150, 300]);
  });

  it("leaves one where it is", () => {
    expect(distribute([box("a", 7, 8)], "vertical").get("a")).toEqual({ x: 7, y: 8 });
  });
});

const tidiedUp = async (flow: Workflow, boxes = boxesOf(flow, flow.nodes.keys())) => {
  const points = await tidy(tidyRequest(flow, CATALOG, boxes));
  return boxes.map((one) => ({ ...one, ...points.get(one.id) }));
};
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("a tidy layout", () => {
  it("leads from left to right without overlaps and begins where it began", async () => {
    for (let seed = 1; seed <= 15; seed += 1) {
      const flow = randomWorkflow(new Chance(seed));
      const placed = await tidiedUp(flow);
      const byId = new Map(placed.map((one) => [one.id, one]));
      for (const { source, target } of flow.edges.values()) {
        expect(byId.get(source)?.x, `seed ${seed}`).toBeLessThan(byId.get(target)?.x ?? Number.NaN);
      }
      const pairs = placed.flatMap((a, index) => placed.slice(index + 1).map((b) => [a, b] as const));
      expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
      const [before, after] = [boundsOf(boxesOf(flow, flow.nodes.keys())), boundsOf(placed)];
      expect(Math.abs(before.x - after.x) + Math.abs(before.y - after.y)).toBeLessThanOrEqual(8);
    }
  });

  it("keeps the order of the ports", async () => {
    const names = ["c", "a", "d", "b"];
    const list = node("list", "listNode", { inputCount: 4 });
    const flow = workflow(
      [...names.map((id) => node(id, "variableNode")), list],
      ["a", "b", "c", "d"].map((id, index) => edge(id, "list", `input-${index}`, "output")),
    );
    const sizes = boxesOf(flow).map((one, index) => ({ ...one, height: 40 + 30 * index }));
    const placed = await tidiedUp(flow, sizes);
    const column = placed.filter(({ id }) => id !== "list").sort((one, other) => one.y - other.y);
    expect(column.map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(column.some((one, index) => column.slice(index + 1).some((other) => overlap(one, other)))).toBe(
      false,
    );
  });

  it("copes with circles, loops and edges to nowhere", async () => {
    const flow = workflow(
      [node("a"), node("b"), node("c"), node("alone")],
      [edge("a", "b"), edge("b", "a"), edge("c", "c"), edge("b", "gone")],
    );
    expect((await tidiedUp(flow)).length).toBe(4);
    expect((await tidiedUp(workflow([]))).length).toBe(0);
  });

  it("arranges part of a workflow", async () => {
    const flow = workflow([node("a"), node("b"), node("c")], [edge("a", "b"), edge("b", "c")]);
    const points = await tidy(tidyRequest(flow, CATALOG, boxesOf(flow, ["a", "b"])));
    expect([...points.keys()]).toEqual(["a", "b"]);
  });

  it("arranges 5,000 nodes in columns in a moment", async () => {
    const flow = largeWorkflow(5000);
    const boxes = boxesOf(flow);
    const started = performance.now();
    const points = await tidy(tidyRequest(flow, CATALOG, boxes));
    expect(performance.now() - started).toBeLessThan(3000);
    expect(new Set([...points.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(5000);
    for (const { source, target } of flow.edges.values()) {
      expect(points.get(source)?.x).toBeLessThan(points.get(target)?.x ?? Number.NaN);
    }
  });

  it("arranges thousands of nodes with circles and shared columns", async () => {
    const nodes = Array.from({ length: 2500 }, (_, index) => node(`n${index}`));
    const edges = nodes.map(({ id }, index) => edge(id, `n${(index * 7 + 1) % 2500}`));
    const placed = await tidiedUp(workflow(nodes, edges));
    const columns = new Map<number, Box[]>();
    for (const one of placed) columns.set(one.x, [...(columns.get(one.x) ?? []), one]);
    for (const column of columns.values()) {
      const sorted = column.sort((a, b) => a.y - b.y);
      expect(sorted.every((one, index) => index === 0 || !overlap(one, sorted[index - 1] ?? one))).toBe(true);
    }
  });
});

describe("the layout's worker", () => {
  const flow = workflow([node("a"), node("b")], [edge("a", "b")]);
  const request = tidyRequest(flow, CATALOG, boxesOf(flow));
  let terminated = 0;

  /** What a browser's worker does, at the edge where the page meets it. */
  const stubWorker = (answer: (data: TidyRequest) => Event | null) => {
    terminated = 0;
    class StubWorker extends EventTarget {
      postMessage(data: TidyRequest) {
        const event = answer(data);
        if (event) queueMicrotask(() => this.dispatchEvent(event));
      }
      terminate() {
        terminated += 1;
      }
    }
    vi.stubGlobal("Worker", StubWorker);
  };
  afterEach(() => vi.unstubAllGlobals());

  it("answers with the places and is let go", async () => {
    stubWorker((data) => new MessageEvent("message", { data: tidied(data) }));
    expect([...(await tidy(request)).keys()]).toEqual(["a", "b"]);
    expect(terminated).toBe(1);
  });

  it("is stopped when nobody waits any more", async () => {
    stubWorker(() => null);
    const abort = new AbortController();
    const waiting = tidy(request, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toThrow("aborted");
    expect(terminated).toBe(1);
    await expect(tidy(request, AbortSignal.abort())).rejects.toThrow("aborted");
  });

  it("tells when it fails", async () => {
    stubWorker(() => new Event("error"));
    await expect(tidy(request)).rejects.toThrow("The layout failed.");
  });
});

describe("boxes", () => {
  it("are as large as saved, or as usual", () => {
    const flow = workflow(
      [{ ...node("a"), layout: { x: 1, y: 2, width: 300, height: 90, collapsed: true } }, node("b")],
      [],
      [{ id: "m", x: 5, y: 6, width: 7, height: 8, text: "" }],
    );
    expect(boxesOf(flow)).toEqual([box("a", 1, 2, 300, 32), box("b", 0, 0, 240, 120), box("m", 5, 6, 7, 8)]);
    expect(boxesOf(flow, ["m", "gone"]).length).toBe(1);
  });

  it("find a place where no node is hidden", () => {
    const flow = workflow([node("a"), node("b", "viewNode", {}, { x: 32, y: 32 })]);
    expect(freePlace(flow, { x: 0, y: 0 })).toEqual({ x: 64, y: 64 });
    expect(freePlace(flow, { x: 5, y: 0 })).toEqual({ x: 5, y: 0 });
  });
});
