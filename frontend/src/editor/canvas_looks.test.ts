import { describe, expect, it } from "vitest";
import { isFar } from "@/editor/far_away";
import { duration, statusOf } from "@/editor/node_status";
import { shortened } from "@/editor/overview_titles";
import { portLabel } from "@/editor/port_look";
import { selectionAfter } from "@/editor/selecting";

const RUN = { number: 1, logs: [] } as const;

describe("the state of a node", () => {
  it("says how far a node is and what it does", () => {
    const status = statusOf({ ...RUN, status: "running", progress: 0.42, message: "reading" });
    expect(status).toEqual({ look: "running", words: "42 % · reading", progress: 0.42 });
  });

  it("is out of date only once there is a result", () => {
    expect(statusOf({ ...RUN, status: "done" }, true).look).toBe("stale");
    expect(statusOf({ ...RUN, status: "running" }, true).look).toBe("running");
    expect(statusOf(undefined, true).look).toBe("idle");
  });

  it("tells times as short as they can be read", () => {
    expect([0.0001, 0.012, 3.21, 42.4, 125].map(duration)).toEqual([
      "< 1 ms",
      "12 ms",
      "3.2 s",
      "42 s",
      "2 min 5 s",
    ]);
  });
});

describe("a port for a screen reader", () => {
  const port = { id: "a", label: "a", type: "float", required: true, folded: false };

  it("has its side, name, kind of value and state", () => {
    expect(portLabel(port, "input", false)).toBe("input a, a number, required");
    expect(portLabel(port, "input", true)).toBe("input a, a number, connected");
    expect(portLabel({ ...port, unknown: true }, "output", true)).toBe(
      "output a, a number, no longer there, connected",
    );
  });
});

describe("the overview", () => {
  const nodes = Array.from({ length: 500 }, (_, index) => ({
    id: `${index}`,
    position: { x: (index % 25) * 100, y: Math.floor(index / 25) * 100 },
    measured: { width: 80, height: 60 },
    data: { note: { id: `${index}`, x: 0, y: 0, width: 80, height: 60, text: "" } },
    type: "note" as const,
  }));
  const view = (zoom: number) => ({ transform: [0, 0, zoom] as const, width: 1400, height: 900 });

  it("takes over when much could not be read, or when there is too much in view", () => {
    expect(isFar(view(0.27), nodes)).toBe(true);
    expect(isFar(view(0.27), nodes.slice(0, 100))).toBe(false);
    expect(isFar(view(0.4), nodes)).toBe(true);
    expect(isFar(view(0.4), nodes.slice(0, 300))).toBe(false);
    expect(isFar(view(0.6), nodes)).toBe(false);
  });
});

describe("titles in the overview", () => {
  it("are cut to what fits, and left out where that would say nothing", () => {
    expect(shortened("multiply", 8)).toBe("multiply");
    expect(shortened("multiply", 7.5)).toBe("multip…");
    expect(shortened("multiply", 4)).toBe("");
    expect(shortened("add", 3)).toBe("add");
  });
});

describe("selecting", () => {
  const none = { nodes: new Set<string>(), edges: new Set<string>(), notes: new Set<string>() };

  it("keeps notes apart from nodes", () => {
    const after = selectionAfter(
      none,
      [
        { type: "select", id: "a", selected: true },
        { type: "select", id: "note:a", selected: true },
      ],
      "nodes",
    );
    expect(after).toEqual({ nodes: new Set(["a"]), edges: new Set(), notes: new Set(["a"]) });
  });

  it("changes nothing for other reports", () => {
    expect(selectionAfter(none, [{ type: "remove", id: "a" }], "edges")).toBe(none);
  });
});
