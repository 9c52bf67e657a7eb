/** Workflows made at random, for tests of what must hold for all of them. The same seed makes the same. */

import { makeCatalog, type Param, type Schema } from "@/graph/catalog";
import type { Json, JsonObject, Note, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

/** Numbers from 0 to 1, by Marsaglia's xorshift on 32 bits. */
export function randomNumbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export class Chance {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = randomNumbers(seed);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  one<Item>(items: readonly Item[], otherwise: Item): Item {
    return items[this.below(items.length)] ?? otherwise;
  }

  some<Item>(items: readonly Item[], probability = 0.3): Item[] {
    return items.filter(() => this.happens(probability));
  }
}

export function param(name: string, type: string, more: Partial<Param> = {}): Param {
  return { name, type, required: true, json_schema: {}, ...more };
}

export function schema(
  name: string,
  params: readonly Param[],
  result = "float",
  more: Partial<Schema> = {},
): Schema {
  return {
    name,
    ref: `basic/ops.py:${name}`,
    nodepack: "basic",
    style: "function",
    params,
    returns: [{ name: "result", type: result }],
    docstring: "",
    filepath: "basic/ops.py",
    origin: "shipped",
    ...more,
  };
}

const OPTION = param("mode", "Literal", { literal_values: ["upper", "lower"] });

export const CATALOG = makeCatalog([
  schema("add", [param("a", "float"), param("b", "float")], "float", { docstring: "Add two numbers." }),
  schema("upper", [param("text", "str"), param("times", "int", { required: false, default: 1 })], "str"),
  schema(
    "join",
    [param("items", "list[Any]"), param("separator", "str", { required: false, default: " " })],
    "str",
  ),
  schema("split_text", [param("text", "str")], "list[str]", { docstring: "Cut a text into words." }),
  schema("change_case", [param("text", "str"), OPTION], "str"),
  schema("keys", [param("data", "dict")], "list[Any]"),
  schema("anything", [param("value", "Any")], "Any"),
  schema("labelled", [param("label", "str"), param("ref", "int", { required: false, default: 0 })], "str"),
  schema("halves", [param("text", "str")], "Any", {
    returns: [
      { name: "head", type: "Any" },
      { name: "tail", type: "Any" },
    ],
  }),
]);

export function node(
  id: string,
  type = "functionNode",
  data: JsonObject = {},
  at = { x: 0, y: 0 },
): WorkflowNode {
  return { id, type, data, layout: at, extra: {} };
}

export function edge(
  source: string,
  target: string,
  targetHandle = "a",
  sourceHandle = "result",
): WorkflowEdge {
  const id = `${source}.${sourceHandle}-${target}.${targetHandle}`;
  return { id, source, target, sourceHandle, targetHandle, extra: {} };
}

export function workflow(
  nodes: readonly WorkflowNode[],
  edges: readonly WorkflowEdge[] = [],
  notes: readonly Note[] = [],
): Workflow {
  return { nodes: byId(nodes), edges: byId(edges), notes: byId(notes), extra: {} };
}

function byId<Item extends { id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

/** Nodes of all kinds, known and unknown, with edges from earlier to later ones. */
export function randomWorkflow(chance: Chance, size = 12): Workflow {
  const nodes = Array.from({ length: size }, (_, index) => randomNode(chance, `n${index}`));
  const edges = nodes.flatMap((target, index) =>
    chance
      .some(nodes.slice(0, index), 0.15)
      .map((source) => edge(source.id, target.id, randomHandle(chance))),
  );
  const notes = [{ id: "note_1", text: "# Hello", x: 5, y: 6, width: 240, height: 160 }];
  return { ...workflow(nodes, edges, notes), extra: { description: "Made at random" } };
}

function randomNode(chance: Chance, id: string): WorkflowNode {
  const kind = chance.one(
    ["functionNode", "functionNode", "variableNode", "listNode", "viewNode", "loopNode"],
    "",
  );
  const name = chance.one([...CATALOG.byName.keys(), "gone"], "add");
  const data: JsonObject = kind === "functionNode" ? { functionName: name, ref: `basic/ops.py:${name}` } : {};
  const at = {
    x: chance.below(2000),
    y: chance.below(1000),
    ...(chance.happens(0.2) ? { collapsed: true } : {}),
  };
  return {
    id,
    type: kind,
    data: { ...data, ...(chance.happens(0.4) ? { note: chance.below(9) } : {}) },
    layout: at,
    extra: { ours: id },
  };
}

function randomHandle(chance: Chance): string {
  return chance.one(["a", "b", "text", "items", "value", "input", "input-0", "input-3"], "a");
}

/** JSON of any shape, with the names that workflow files use, so that it often is nearly one. */
export function randomJson(chance: Chance, depth = 4): Json {
  const kinds = depth > 0 ? 8 : 5;
  switch (chance.below(kinds)) {
    case 0:
      return null;
    case 1:
      return chance.happens(0.5);
    case 2:
      return chance.one([0, 1, -1, 2.5, 1e308, 99], 0);
    case 3:
    case 4:
      return chance.one(["", "a", "b", "functionNode", "viewNode", "__proto__", "input-0", "é🙂"], "");
    case 5:
      return Array.from({ length: chance.below(4) }, () => randomJson(chance, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: chance.below(6) }, () => [
          chance.one(NAMES, "x"),
          randomJson(chance, depth - 1),
        ]),
      );
  }
}

const NAMES = [
  ...["nodes", "edges", "layout", "notes", "version", "id", "type", "data", "position", "source", "target"],
  ...[
    "sourceHandle",
    "targetHandle",
    "x",
    "y",
    "width",
    "text",
    "__proto__",
    "constructor",
    "functionName",
    "a",
  ],
];

/** A wide and deep workflow of `size` adding nodes, each connected to two earlier ones. */
export function largeWorkflow(size: number): Workflow {
  const nodes = Array.from({ length: size }, (_, index) =>
    node(
      `add_${index + 1}`,
      "functionNode",
      { functionName: "add", ref: "basic/ops.py:add" },
      {
        x: (index % 70) * 300,
        y: Math.floor(index / 70) * 160,
      },
    ),
  );
  const edges = nodes.flatMap((target, index) =>
    index < 1
      ? []
      : [edge(`add_${index}`, target.id, "a"), edge(`add_${Math.floor(index / 2) + 1}`, target.id, "b")],
  );
  return workflow(nodes, edges);
}

/** The milliseconds of the quickest of several goes: what else the machine does only makes the others slower. */
export function quickest(goes: number, run: (go: number) => void): number {
  const times = Array.from({ length: goes }, (_, go) => {
    const started = performance.now();
    run(go);
    return performance.now() - started;
  });
  return Math.min(...times);
}
