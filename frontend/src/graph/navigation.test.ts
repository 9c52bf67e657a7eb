// @vitest-environment node
import { describe, expect, it } from "vitest";
import type { Box } from "@/graph/boxes";
import { nearest, neighbours, readingOrder, sibling } from "@/graph/navigation";
import { edge, node, workflow } from "@/graph/random_cases";

const box = (id: string, x: number, y: number): Box => ({ id, x, y, width: 100, height: 100 });
const cross = [
  box("middle", 0, 0),
  box("right", 300, 20),
  box("left", -300, 0),
  box("above", 0, -200),
  box("below", 10, 200),
];

describe("going by where nodes are", () => {
  it.each(["left", "right"] as const)("goes %s", (direction) =>
    expect(nearest(cross, "middle", direction)).toBe(direction),
  );

  it("goes up and down", () => {
    expect([nearest(cross, "middle", "up"), nearest(cross, "middle", "down")]).toEqual(["above", "below"]);
  });

  it("prefers what is straight ahead", () => {
    const boxes = [box("from", 0, 0), box("aside", 150, 200), box("ahead", 400, 0)];
    expect(nearest(boxes, "from", "right")).toBe("ahead");
  });

  it("ends where nothing is", () => {
    expect(nearest(cross, "right", "right")).toBeNull();
    expect(nearest(cross, "gone", "left")).toBeNull();
  });

  it("reads rows from the top, each from the left", () => {
    expect(readingOrder([box("d", 0, 300), box("b", 200, 10), box("c", 400, 40), box("a", 0, 20)])).toEqual([
      ...["a", "b", "c", "d"],
    ]);
    expect(readingOrder([])).toEqual([]);
  });
});

describe("going along the edges", () => {
  const flow = workflow(
    ["a", "b", "c", "d"].map((id) => node(id)),
    [
      edge("a", "b"),
      edge("a", "c"),
      edge("b", "d"),
      edge("c", "d", "b"),
      edge("a", "c", "b"),
      edge("d", "gone"),
    ],
  );

  it("goes forward and back, each node once", () => {
    expect(neighbours(flow, "a", "forward")).toEqual(["b", "c"]);
    expect(neighbours(flow, "d", "back")).toEqual(["b", "c"]);
    expect(neighbours(flow, "d", "forward")).toEqual([]);
  });

  it("goes up and down a fork, round and round", () => {
    expect([sibling(flow, "b", 1), sibling(flow, "c", 1), sibling(flow, "b", -1)]).toEqual(["c", "b", "c"]);
    expect([sibling(flow, "a", 1), sibling(flow, "d", -1)]).toEqual([null, null]);
  });

  it("goes through what leads to the same node when nothing else is beside", () => {
    const join = workflow(
      ["a", "b", "t"].map((id) => node(id)),
      [edge("a", "t"), edge("b", "t", "b")],
    );
    expect(sibling(join, "a", 1)).toBe("b");
  });
});
