/** Adding, copying and deleting nodes. */

import { putConnection } from "@/document/commands_edges";
import type { WorkflowDocument } from "@/document/document";
import type { Draft } from "@/document/draft";
import { boundsOf, boxesOf, freePlace } from "@/graph/boxes";
import type { Schema } from "@/graph/catalog";
import { partOf } from "@/graph/clipboard";
import { edgeId } from "@/graph/file";
import type { PortAddress, Side } from "@/graph/fitting";
import { idMaker, nameForId } from "@/graph/ids";
import { dataFor, type NewNode, newNode } from "@/graph/new_node";

import type { Point, Workflow } from "@/graph/workflow";

/** What a new node is connected to at once: `side` is the side that `from` is on, `handle` the new node's port. */
export interface Attachment {
  readonly from: PortAddress;
  readonly side: Side;
  readonly handle: string | null;
}

/** Adds a node. Returns its id. */
export function addNode(
  document: WorkflowDocument,
  { type, data = {}, layout }: NewNode,
  attached?: Attachment,
): string {
  const node = newNode(document.workflow, { type, data, layout });
  document.edit(`Add ${nameForId(node)}`, (draft) => {
    draft.putNode(node);
    if (attached) putConnection(document.workflow, draft, connectionOf(node.id, attached));
  });
  return node.id;
}

/** Adds a function as a node. Returns its id. */
export function addFunction(
  document: WorkflowDocument,
  schema: Schema,
  point: Point,
  attached?: Attachment,
): string {
  return addNode(document, { type: "functionNode", data: dataFor(schema), layout: { ...point } }, attached);
}

function connectionOf(node: string, { from, side, handle }: Attachment) {
  return side === "output"
    ? { source: from.node, sourceHandle: from.handle, target: node, targetHandle: handle }
    : { source: node, sourceHandle: handle, target: from.node, targetHandle: from.handle };
}

/** Makes a node stand for another function, with the same values and edges. */
export function setFunction(document: WorkflowDocument, id: string, schema: Schema): void {
  if (document.workflow.nodes.get(id)?.type !== "functionNode") return;
  document.edit(`Change to ${schema.name}`, (draft) => {
    draft.setValue(id, "ref", schema.ref);
    draft.setValue(id, "functionName", schema.name);
  });
}

export interface Items {
  readonly nodes?: Iterable<string>;
  readonly edges?: Iterable<string>;
  readonly notes?: Iterable<string>;
}

/** Deletes nodes with the edges at them, edges and notes. */
export function deleteItems(document: WorkflowDocument, items: Items): void {
  const { workflow } = document;
  const nodes = [...(items.nodes ?? [])].filter((id) => workflow.nodes.has(id));
  const edges = [...(items.edges ?? [])].filter((id) => workflow.edges.has(id));
  const notes = [...(items.notes ?? [])].filter((id) => workflow.notes.has(id));
  document.edit(`Delete ${counted(nodes, edges, notes)}`, (draft) => {
    if (nodes.length > 0) draft.removeNodes(nodes);
    for (const id of edges) draft.removeEdge(id);
    for (const id of notes) draft.removeNote(id);
  });
}

function counted(nodes: readonly string[], edges: readonly string[], notes: readonly string[]): string {
  if (nodes.length > 0) return nodes.length === 1 ? "node" : `${nodes.length} nodes`;
  if (notes.length > 0) return notes.length === 1 ? "note" : `${notes.length} notes`;
  return edges.length === 1 ? "edge" : `${edges.length} edges`;
}

/** Copies nodes and notes beside themselves, with the edges among them. Returns the new ids, nodes first. */
export function duplicate(document: WorkflowDocument, ids: Iterable<string>): string[] {
  const part = partOf(document.workflow, ids);
  return putCopy(document, "Duplicate", part, beside(document.workflow, part));
}

/** Puts a fragment with its top left corner at `at`, else beside where it came from. Returns the new ids, nodes first. */
export function paste(document: WorkflowDocument, fragment: Workflow, at?: Point): string[] {
  return putCopy(document, "Paste", fragment, at ?? beside(document.workflow, fragment));
}

/** The place beside its old one where the first node of a copy hides none. */
function beside(workflow: Workflow, part: Workflow): Point {
  const corner = boundsOf(boxesOf(part));
  const [first] = part.nodes.values();
  if (!first) return { x: corner.x + 32, y: corner.y + 32 };
  const free = freePlace(workflow, first.layout);
  return { x: corner.x + free.x - first.layout.x, y: corner.y + free.y - first.layout.y };
}

function putCopy(document: WorkflowDocument, label: string, part: Workflow, at: Point): string[] {
  const corner = boundsOf(boxesOf(part));
  const move = <Place extends Point>(place: Place): Place => ({
    ...place,
    x: Math.round(place.x - corner.x + at.x),
    y: Math.round(place.y - corner.y + at.y),
  });
  const newId = idMaker(document.workflow);
  const nodeIds = new Map([...part.nodes.values()].map((node) => [node.id, newId(nameForId(node))]));
  const noteIds = new Map([...part.notes.keys()].map((id) => [id, newId("note")]));
  document.edit(label, (draft) => {
    for (const [old, id] of nodeIds)
      withNew(part.nodes.get(old), (node) => draft.putNode({ ...node, id, layout: move(node.layout) }));
    for (const [old, id] of noteIds)
      withNew(part.notes.get(old), (note) => draft.putNote(move({ ...note, id })));
    copyEdges(draft, part, nodeIds);
  });
  return [...nodeIds.values(), ...noteIds.values()];
}

function withNew<Item>(item: Item | undefined, put: (item: Item) => void): void {
  if (item !== undefined) put(item);
}

function copyEdges(draft: Draft, part: Workflow, ids: ReadonlyMap<string, string>): void {
  for (const edge of part.edges.values()) {
    const [source, target] = [ids.get(edge.source), ids.get(edge.target)];
    if (source === undefined || target === undefined) continue;
    draft.putEdge({
      ...edge,
      source,
      target,
      id: edgeId(source, edge.sourceHandle, target, edge.targetHandle),
    });
  }
}
