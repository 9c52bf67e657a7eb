// @vitest-environment node
import { describe, expect, it } from "vitest";
import { WorkflowDocument } from "@/document/document";
import { dumpWorkflow, parseWorkflow, UnreadableFile } from "@/graph/file";
import { Chance, randomJson, randomWorkflow } from "@/graph/random_cases";
import type { JsonObject } from "@/graph/workflow";

const read = (nodes: unknown[], more: object = {}) => parseWorkflow({ nodes, edges: [], ...more });
const roundTrip = (file: unknown) => JSON.parse(JSON.stringify(dumpWorkflow(parseWorkflow(file))));

describe("files of earlier editors", () => {
  const edges = [
    { id: "e1", source: "v", target: "f", sourceHandle: "output", targetHandle: "a", selected: true },
  ];
  const file = {
    nodes: [
      {
        id: "v",
        type: "variableNode",
        position: { x: 10, y: 20 },
        positionAbsolute: { x: 10, y: 20 },
        width: 200,
        height: 90,
        selected: false,
        dragging: false,
        data: { variableType: "Number", variableValue: "5", edges },
      },
      {
        id: "f",
        type: "functionNode",
        position: { x: 300, y: 20 },
        data: {
          functionName: "add",
          b: 3,
          params: [{ name: "a", type: "float" }],
          returns: [{ name: "result", type: "float" }],
          docstring: "Add.",
          executionStatus: "completed",
          edges,
        },
      },
      { id: "w", type: "viewNode", position: { x: 600, y: 20 }, data: { value: 8, label: "Sum", edges } },
    ],
    edges,
    viewport: { x: 0, y: 0, zoom: 1 },
  };

  it("open without what is stale", () => {
    expect(dumpWorkflow(parseWorkflow(file))).toEqual({
      version: 1,
      viewport: { x: 0, y: 0, zoom: 1 },
      nodes: [
        { id: "v", type: "variableNode", data: { variableType: "Number", variableValue: "5" } },
        { id: "f", type: "functionNode", data: { functionName: "add", b: 3 } },
        { id: "w", type: "viewNode", data: { label: "Sum" } },
      ],
      edges: [{ id: "e1", source: "v", target: "f", sourceHandle: "output", targetHandle: "a" }],
      layout: { v: { x: 10, y: 20 }, f: { x: 300, y: 20 }, w: { x: 600, y: 20 } },
    });
  });

  it("keep a parameter called value in a function, and lose it in a view only", () => {
    const data = { functionName: "show", value: 1 };
    expect(read([{ id: "f", type: "functionNode", data }]).nodes.get("f")?.data).toEqual(data);
  });

  it("give a node without a type the kind that it can only be", () => {
    const found = read([
      { id: "f", data: { functionName: "add" } },
      { id: "r", data: { ref: "a/b.py:c" } },
      { id: "x" },
    ]);
    expect([...found.nodes.values()].map(({ type }) => type)).toEqual(["functionNode", "functionNode", ""]);
  });

  it("lay out nodes that have no place", () => {
    const places = [...read([{ id: "a" }, { id: "b" }]).nodes.values()].map(
      ({ layout }) => `${layout.x},${layout.y}`,
    );
    expect(new Set(places).size).toBe(2);
  });

  it("give edges without an id one that tells their ends", () => {
    const found = read([], {
      edges: [
        { source: "a", target: "b", targetHandle: "x" },
        { source: "a", target: "b", targetHandle: "y" },
      ],
    });
    expect([...found.edges.keys()]).toEqual(["a.-b.x", "a.-b.y"]);
  });
});

describe("files of this version", () => {
  it("come back as they were", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const workflow = randomWorkflow(new Chance(seed));
      expect(parseWorkflow(dumpWorkflow(workflow))).toEqual(workflow);
    }
  });

  it("are written the same again, to the letter", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const text = JSON.stringify(dumpWorkflow(randomWorkflow(new Chance(seed))));
      expect(JSON.stringify(dumpWorkflow(parseWorkflow(JSON.parse(text))))).toBe(text);
      expect(JSON.stringify(WorkflowDocument.fromJson(JSON.parse(text)).toJson())).toBe(text);
    }
  });

  it("keep the fields that are not ours, wherever they are", () => {
    const file = {
      version: 1,
      description: "Ours",
      theirs: { deep: [1] },
      nodes: [{ id: "a", type: "loopNode", theirs: 1, data: { theirs: [2] } }],
      edges: [{ id: "e", source: "a", target: "a", theirs: 3 }],
      layout: { a: { x: 1, y: 2, theirs: 4 } },
      notes: [{ id: "n", text: "Hi", x: 1, y: 2, width: 3, height: 4, color: "yellow", theirs: 5 }],
    };
    expect(roundTrip(file)).toEqual(file);
  });

  it("prefer the layout to the old position", () => {
    const found = read([{ id: "a", position: { x: 1, y: 1 } }], {
      layout: { a: { x: 2, y: 2, collapsed: true } },
    });
    expect(found.nodes.get("a")?.layout).toEqual({ x: 2, y: 2, collapsed: true });
  });

  it("keep the order of nodes and edges, whatever they are called", () => {
    const ids = ["b", "a", "10", "2"];
    const edges = ids.map((id) => ({ id, source: id, target: "a" }));
    const found = WorkflowDocument.fromJson({ nodes: ids.map((id) => ({ id })), edges });
    expect([...found.workflow.nodes.keys()]).toEqual(ids);
    expect((found.toJson().edges as JsonObject[]).map(({ id }) => id)).toEqual(ids);
  });
});

describe("files that are odd", () => {
  it.each([null, 5, "{}", [], {}, { nodes: {} }, { nodes: null }])(
    "are refused when they are no workflow: %j",
    (file) => {
      expect(() => parseWorkflow(file)).toThrow(UnreadableFile);
    },
  );

  it("are refused when they are newer, and say what to do", () => {
    const open = () => parseWorkflow({ version: 2, nodes: [], edges: [] });
    expect(open).toThrow("This workflow has version 2.");
    try {
      open();
    } catch (error) {
      expect(error instanceof UnreadableFile && error.hint).toBe("Update Psynapse to open it.");
    }
  });

  it("lose what is no node, edge or note", () => {
    const found = read([null, 5, {}, { id: 7 }, { id: "" }, { id: "a" }], {
      edges: [null, { source: "a" }, { source: 1, target: 2 }],
      notes: [null, { text: "x" }],
    });
    expect([found.nodes.size, found.edges.size, found.notes.size]).toEqual([1, 0, 0]);
  });

  it("keep the first of two with the same id", () => {
    const found = read([
      { id: "a", type: "viewNode" },
      { id: "a", type: "listNode" },
    ]);
    expect(found.nodes.get("a")?.type).toBe("viewNode");
  });

  it("have sizes and places that are numbers", () => {
    const layout = {
      a: { x: "1", y: null, width: "wide", height: -4, collapsed: "yes", color: 5, icon: {} },
    };
    expect(read([{ id: "a" }], { layout }).nodes.get("a")?.layout).toEqual({ x: 0, y: 0 });
    const notes = [{ id: "n", x: "1", width: Number.NaN, color: 5, text: 7 }];
    expect(read([], { notes }).notes.get("n")).toEqual({
      id: "n",
      text: "",
      x: 0,
      y: 0,
      width: 240,
      height: 160,
    });
  });

  it("cannot reach the prototypes of objects", () => {
    const file = JSON.parse(
      '{"nodes": [{"id": "__proto__", "data": {"__proto__": {"bad": 1}, "constructor": 2}}], "edges": [], "layout": {"__proto__": {"x": 5, "y": 5}}, "__proto__": {"bad": 1}}',
    );
    const document = WorkflowDocument.fromJson(file);
    expect(JSON.stringify(document.toJson())).toContain('"__proto__":{"bad":1}');
    expect({}).not.toHaveProperty("bad");
  });

  it("never fail in another way, and what is read can be written and read again", () => {
    const chance = new Chance(3);
    for (let round = 0; round < 3000; round += 1) {
      const list = () => Array.from({ length: chance.below(4) }, () => randomJson(chance));
      const file = chance.happens(0.2)
        ? randomJson(chance)
        : {
            nodes: list(),
            edges: list(),
            layout: randomJson(chance),
            notes: list(),
            extra: randomJson(chance),
          };
      try {
        const workflow = parseWorkflow(file);
        expect(parseWorkflow(JSON.parse(JSON.stringify(dumpWorkflow(workflow))))).toEqual(workflow);
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableFile);
      }
    }
  });

  it("can be opened as documents all the same", () => {
    const chance = new Chance(4);
    for (let round = 0; round < 300; round += 1) {
      const nodes = Array.from({ length: 3 }, () => ({ id: "a", ...(randomJson(chance) as object) }));
      WorkflowDocument.fromJson({ nodes, edges: [randomJson(chance)], extra: randomJson(chance) }).toJson();
    }
  });
});
