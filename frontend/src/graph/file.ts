/** Workflow files: from JSON of any version, earlier editors' included, to a workflow, and back. */

import {
  isObject,
  type Json,
  type JsonObject,
  type Layout,
  type Note,
  type Workflow,
  type WorkflowEdge,
  type WorkflowNode,
} from "@/graph/workflow";

export const VERSION = 1;

/** What earlier editors left in nodes: the state of their canvas, copies of schemas and edges, results. */
const STALE_NODE_FIELDS = new Set([
  "selected",
  "dragging",
  "positionAbsolute",
  "measured",
  "handles",
  "width",
  "height",
]);
const STALE_DATA = new Set([
  "edges",
  "executionStatus",
  "params",
  "returns",
  "docstring",
  "removedInputIndex",
]);
const NODE_FIELDS = new Set(["id", "type", "position", "data"]);
const EDGE_FIELDS = new Set(["id", "source", "target", "sourceHandle", "targetHandle", "selected"]);
const FILE_FIELDS = new Set(["version", "nodes", "edges", "layout", "notes"]);
const LAYOUT_FIELDS = ["x", "y", "width", "height", "collapsed", "color", "icon"];
const NOTE_FIELDS = ["id", "text", "x", "y", "width", "height", "color"];

export class UnreadableFile extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Reads a parsed file. Throws UnreadableFile when it is no workflow, or one of a newer version. */
export function parseWorkflow(file: unknown): Workflow {
  if (!isObject(file) || !Array.isArray(file.nodes)) {
    throw new UnreadableFile(
      "This file is not a workflow.",
      'A workflow is a JSON object with the lists "nodes" and "edges".',
    );
  }
  if (typeof file.version === "number" && file.version > VERSION) {
    throw new UnreadableFile(`This workflow has version ${file.version}.`, "Update Psynapse to open it.");
  }
  const layouts = isObject(file.layout) ? file.layout : {};
  const nodes = unique(file.nodes.flatMap((item, index) => readNode(item, index, layouts)));
  const edges = unique((Array.isArray(file.edges) ? file.edges : []).flatMap(readEdge));
  const notes = unique((Array.isArray(file.notes) ? file.notes : []).flatMap(readNote));
  return { nodes, edges, notes, extra: without(file, FILE_FIELDS) };
}

/** The file: what is run first, how it looks after it. */
export function dumpWorkflow(workflow: Workflow): JsonObject {
  const nodes = [...workflow.nodes.values()];
  const notes = [...workflow.notes.values()];
  return {
    version: VERSION,
    ...workflow.extra,
    nodes: nodes.map(({ id, type, data, extra }) => ({ id, type, ...extra, data: { ...data } })),
    edges: [...workflow.edges.values()].map(dumpEdge),
    layout: Object.fromEntries(nodes.map(({ id, layout }) => [id, inOrder(layout, LAYOUT_FIELDS)])),
    ...(notes.length > 0 ? { notes: notes.map((note) => inOrder(note, NOTE_FIELDS)) } : {}),
  };
}

/** Ours first and always in the same order, whatever was changed first: a file differs only where something does. */
function inOrder(fields: Layout | Note, names: readonly string[]): JsonObject {
  const all = new Map<string, Json>(Object.entries(fields));
  const first = names.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? null] as const] : []));
  return Object.fromEntries([...first, ...[...all].filter(([name]) => !names.includes(name))]);
}

function dumpEdge({ id, source, target, sourceHandle, targetHandle, extra }: WorkflowEdge): JsonObject {
  return {
    id,
    source,
    target,
    ...(sourceHandle === null ? {} : { sourceHandle }),
    ...(targetHandle === null ? {} : { targetHandle }),
    ...extra,
  };
}

function readNode(item: Json, index: number, layouts: JsonObject): WorkflowNode[] {
  if (!isObject(item) || typeof item.id !== "string" || item.id === "") return [];
  const data = isObject(item.data) ? item.data : {};
  const named = "functionName" in data || "ref" in data;
  const type = typeof item.type === "string" && item.type !== "" ? item.type : named ? "functionNode" : "";
  const stale = type === "viewNode" ? new Set([...STALE_DATA, "value"]) : STALE_DATA;
  const extra = without(without(item, NODE_FIELDS), STALE_NODE_FIELDS);
  return [{ id: item.id, type, data: without(data, stale), layout: readLayout(item, index, layouts), extra }];
}

function readLayout(item: JsonObject, index: number, layouts: JsonObject): Layout {
  const kept = layouts[item.id as string];
  const place = isObject(kept) ? kept : isObject(item.position) ? item.position : {};
  // A file written by hand has no positions: a grid is better than a heap.
  const x = number(place.x) ?? (index % 5) * 320;
  const y = number(place.y) ?? Math.floor(index / 5) * 220;
  const { collapsed } = place;
  return {
    ...without(place, new Set(LAYOUT_FIELDS)),
    ...known({
      width: size(place.width),
      height: size(place.height),
      color: name(place.color),
      icon: name(place.icon),
    }),
    ...(typeof collapsed === "boolean" ? { collapsed } : {}),
    x,
    y,
  };
}

function readEdge(item: Json): WorkflowEdge[] {
  if (!isObject(item)) return [];
  const source = text(item.source);
  const target = text(item.target);
  if (source === null || target === null) return [];
  const sourceHandle = text(item.sourceHandle);
  const targetHandle = text(item.targetHandle);
  const id = text(item.id) ?? edgeId(source, sourceHandle, target, targetHandle);
  return [
    {
      id,
      source,
      target,
      sourceHandle,
      targetHandle,
      extra: without(item, EDGE_FIELDS),
    },
  ];
}

/** The id of a new edge. There is only one between the same two handles. */
export function edgeId(
  source: string,
  sourceHandle: string | null,
  target: string,
  targetHandle: string | null,
): string {
  return `${source}.${sourceHandle ?? ""}-${target}.${targetHandle ?? ""}`;
}

function readNote(item: Json): Note[] {
  if (!isObject(item) || typeof item.id !== "string") return [];
  return [
    {
      ...without(item, new Set(NOTE_FIELDS)),
      ...known({ color: name(item.color) }),
      id: item.id,
      text: text(item.text) ?? "",
      x: number(item.x) ?? 0,
      y: number(item.y) ?? 0,
      width: size(item.width) ?? 240,
      height: size(item.height) ?? 160,
    },
  ];
}

/** By id; the first of two with the same id stays, as the server has it. */
function unique<Item extends { id: string }>(items: Item[]): Map<string, Item> {
  const byId = new Map<string, Item>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
  return byId;
}

function without(fields: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.has(name)));
}

/** The fields that have a value. */
function known<Value>(fields: Record<string, Value | undefined>): Record<string, Value> {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] !== undefined));
}

function size(value: Json | undefined): number | undefined {
  const read = number(value);
  return read !== undefined && read > 0 ? read : undefined;
}

function name(value: Json | undefined): string | undefined {
  return text(value) ?? undefined;
}

function number(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
