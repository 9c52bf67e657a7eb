/** The workflow inside a Yjs document: how it is laid out there, changed there, and read from there. */

import * as Y from "yjs";
import type { Draft, LayoutChange } from "@/document/draft";
import type { Json, JsonObject, Layout, Note, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

/** `order` sorts nodes and edges as in the file; a removed one that comes back returns to its place. */
interface StoredEdge extends Omit<WorkflowEdge, "id"> {
  readonly order: number;
}

/** Has `type`, `order`, `extra` and `layout` as plain values and `data` as a map, so that two people can set two values. */
type StoredNode = Y.Map<unknown>;

/** Yjs tells values apart by `value.constructor`, so objects of the user, who may have such a key, are never bare. */
type Boxed<Value> = readonly [Value];

type SharedType = Parameters<Y.Transaction["changed"]["has"]>[0];

export interface Stored {
  readonly nodes: Y.Map<StoredNode>;
  readonly edges: Y.Map<StoredEdge>;
  readonly notes: Y.Map<Boxed<Note>>;
  readonly extra: Y.Map<Boxed<Json>>;
}

/** Puts a whole workflow into an empty document. */
export function fill(stored: Stored, workflow: Workflow): void {
  let order = 0;
  for (const node of workflow.nodes.values()) stored.nodes.set(node.id, storedNode(node, order++));
  for (const edge of workflow.edges.values()) stored.edges.set(edge.id, storedEdge(edge, order++));
  for (const note of workflow.notes.values()) stored.notes.set(note.id, [note]);
  for (const [name, value] of Object.entries(workflow.extra)) stored.extra.set(name, [value]);
}

/** Edits of the document, to be made inside a transaction. */
export function drafted(stored: Stored): Draft {
  const nodeOrder = counter(() => [...stored.nodes.values()].map(orderOf));
  const edgeOrder = counter(() => [...stored.edges.values()].map(({ order }) => order));
  return {
    putNode(node) {
      const known = stored.nodes.get(node.id);
      stored.nodes.set(node.id, storedNode(node, known ? orderOf(known) : nodeOrder()));
    },
    removeNodes: (ids) => removeNodes(stored, new Set(ids)),
    setValue(id, name, value) {
      const data = stored.nodes.get(id)?.get("data") as Y.Map<Boxed<Json>> | undefined;
      if (value === undefined) data?.delete(name);
      else data?.set(name, [value]);
    },
    setLayout(id, change) {
      const node = stored.nodes.get(id);
      node?.set("layout", [changedLayout(layoutOf(node), change)]);
    },
    putEdge(edge) {
      stored.edges.set(edge.id, storedEdge(edge, stored.edges.get(edge.id)?.order ?? edgeOrder()));
    },
    removeEdge: (id) => stored.edges.delete(id),
    putNote: (note) => void stored.notes.set(note.id, [note]),
    removeNote: (id) => stored.notes.delete(id),
    setExtra(extra) {
      for (const name of [...stored.extra.keys()]) if (!(name in extra)) stored.extra.delete(name);
      for (const [name, value] of Object.entries(extra)) stored.extra.set(name, [value]);
    },
  };
}

/** A field at the top of the file, to be set inside a transaction. */
export function annotated({ extra }: Stored, name: string, value: Json | undefined): void {
  if (value === undefined) extra.delete(name);
  else extra.set(name, [value]);
}

/** Numbers above all those in use, which are only looked at when the first one is wanted. */
function counter(inUse: () => number[]): () => number {
  let next: number | null = null;
  return () => {
    next ??= inUse().reduce((highest, order) => Math.max(highest, order), -1) + 1;
    return next++;
  };
}

function removeNodes(stored: Stored, ids: ReadonlySet<string>): void {
  for (const id of ids) stored.nodes.delete(id);
  for (const [id, edge] of [...stored.edges.entries()]) {
    if (ids.has(edge.source) || ids.has(edge.target)) stored.edges.delete(id);
  }
}

function changedLayout(layout: Layout, change: LayoutChange): Layout {
  const merged = Object.entries({ ...layout, ...change }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(merged) as unknown as Layout;
}

function layoutOf(node: StoredNode): Layout {
  return (node.get("layout") as Boxed<Layout>)[0];
}

function unboxed<Value>(map: Y.Map<Boxed<Value>>): [string, Value][] {
  return [...map.entries()].map(([name, [value]]) => [name, value]);
}

function orderOf(node: StoredNode): number {
  return node.get("order") as number;
}

function storedNode(node: WorkflowNode, order: number): StoredNode {
  const values = Object.entries(node.data).map(([name, value]) => [name, [value]] as const);
  const data = new Y.Map<Boxed<Json>>(values);
  return new Y.Map<unknown>(
    Object.entries({ type: node.type, order, layout: [node.layout], extra: [node.extra], data }),
  );
}

function storedEdge(
  { source, target, sourceHandle, targetHandle, extra }: WorkflowEdge,
  order: number,
): StoredEdge {
  return { source, target, sourceHandle, targetHandle, extra, order };
}

// Reading

export function snapshotOf(stored: Stored): Workflow {
  return {
    nodes: allNodes(stored),
    edges: allEdges(stored),
    notes: new Map(unboxed(stored.notes)),
    extra: Object.fromEntries(unboxed(stored.extra)),
  };
}

/** The snapshot after a transaction; what did not change stays the same object. */
export function updated(before: Workflow, stored: Stored, transaction: Y.Transaction): Workflow {
  const after = { ...before };
  const changedNodes = nodesTouched(stored, transaction);
  if (changedNodes.size > 0) after.nodes = withNodes(before.nodes, stored, changedNodes);
  if (touches(transaction, stored.edges)) after.edges = allEdges(stored, before.edges);
  if (touches(transaction, stored.notes)) after.notes = new Map(unboxed(stored.notes));
  if (touches(transaction, stored.extra)) after.extra = Object.fromEntries(unboxed(stored.extra));
  const same = (Object.keys(after) as (keyof Workflow)[]).every((part) => after[part] === before[part]);
  return same ? before : after;
}

function touches(transaction: Y.Transaction, map: unknown): boolean {
  return transaction.changed.has(map as SharedType);
}

function nodesTouched(stored: Stored, transaction: Y.Transaction): Set<string> {
  const touched = new Set<string>();
  for (const [type, keys] of transaction.changed) {
    if ((type as unknown) === stored.nodes) {
      for (const key of keys) if (key !== null) touched.add(key);
    } else {
      const id = nodeIdOf(stored, type);
      if (id !== null) touched.add(id);
    }
  }
  return touched;
}

/** The id of the node that a map is, or that a map is the data of. */
function nodeIdOf(stored: Stored, type: SharedType): string | null {
  for (let inner = type; inner._item !== null; inner = inner._item.parent as SharedType) {
    if ((inner._item.parent as unknown) === stored.nodes) return inner._item.parentSub;
  }
  return null;
}

function withNodes(
  before: ReadonlyMap<string, WorkflowNode>,
  stored: Stored,
  touched: ReadonlySet<string>,
): ReadonlyMap<string, WorkflowNode> {
  const isSameSet = [...touched].every((id) => before.has(id) === stored.nodes.has(id));
  if (!isSameSet) return allNodes(stored, before, touched);
  const after = new Map(before);
  for (const id of touched) {
    const node = stored.nodes.get(id);
    if (node) after.set(id, readNode(id, node));
  }
  return after;
}

function allNodes(
  stored: Stored,
  known: ReadonlyMap<string, WorkflowNode> = new Map(),
  touched: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, WorkflowNode> {
  const entries = [...stored.nodes.entries()].sort(([, a], [, b]) => orderOf(a) - orderOf(b));
  return new Map(
    entries.map(([id, node]) => [id, (!touched.has(id) && known.get(id)) || readNode(id, node)] as const),
  );
}

function readNode(id: string, node: StoredNode): WorkflowNode {
  return {
    id,
    type: node.get("type") as string,
    data: Object.fromEntries(unboxed(node.get("data") as Y.Map<Boxed<Json>>)),
    layout: layoutOf(node),
    extra: (node.get("extra") as Boxed<JsonObject>)[0],
  };
}

function allEdges(
  stored: Stored,
  known: ReadonlyMap<string, WorkflowEdge> = new Map(),
): ReadonlyMap<string, WorkflowEdge> {
  const entries = [...stored.edges.entries()].sort(([, a], [, b]) => a.order - b.order);
  return new Map(
    entries.map(([id, edge]) => [id, sameEdge(known.get(id), edge) ?? readEdge(id, edge)] as const),
  );
}

function sameEdge(known: WorkflowEdge | undefined, edge: StoredEdge): WorkflowEdge | undefined {
  const same =
    known?.source === edge.source &&
    known.target === edge.target &&
    known.sourceHandle === edge.sourceHandle &&
    known.targetHandle === edge.targetHandle &&
    known.extra === edge.extra;
  return same ? known : undefined;
}

function readEdge(
  id: string,
  { source, target, sourceHandle, targetHandle, extra }: StoredEdge,
): WorkflowEdge {
  return { id, source, target, sourceHandle, targetHandle, extra };
}
