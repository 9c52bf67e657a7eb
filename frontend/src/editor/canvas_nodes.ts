/** From the snapshot of a workflow to React Flow's nodes and edges. What did not change stays the same object. */

import type { Edge, Node } from "@xyflow/react";
import { geometryOf } from "@/editor/node_geometry";
import { type Catalog, type Schema, schemaOf, titleOf } from "@/graph/catalog";
import { type Ports, portsOf } from "@/graph/ports";
import type { Note, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export interface NodeData extends Record<string, unknown> {
  readonly node: WorkflowNode;
  readonly ports: Ports;
  readonly title: string;
  readonly schema: Schema | undefined;
}

export interface NoteData extends Record<string, unknown> {
  readonly note: Note;
}

export interface EdgeData extends Record<string, unknown> {
  readonly edge: WorkflowEdge;
  /** The type of what flows. */
  readonly type: string;
}

/** A workflow's node on the canvas. The type is a key of nodeTypes. */
export type CanvasItem = Node<NodeData>;
export type NoteItem = Node<NoteData, "note">;
export type CanvasNode = CanvasItem | NoteItem;
export type CanvasEdge = Edge<EdgeData, "workflow">;

export interface Selected {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

const KINDS: ReadonlySet<string> = new Set(["functionNode", "variableNode", "listNode", "viewNode"]);

export function isNote(node: CanvasNode): node is NoteItem {
  return node.type === "note";
}

/** All nodes and notes; `before` are the present ones, whose measured sizes and objects are kept where they can be. */
export function canvasNodes(
  workflow: Workflow,
  catalog: Catalog,
  selected: Selected,
  before: ReadonlyMap<string, CanvasNode>,
): CanvasNode[] {
  const notes = [...workflow.notes.values()].map((note) =>
    noteItem(note, selected.notes.has(note.id), before.get(noteId(note.id))),
  );
  const nodes = [...workflow.nodes.values()].map((node) => {
    const ports = portsOf(node, catalog, workflow.edges);
    return canvasItem(node, ports, catalog, selected.nodes.has(node.id), before.get(node.id));
  });
  return [...notes, ...nodes];
}

/** Nodes and notes are apart in a workflow and may have the same id; on the canvas they must not. */
export function noteId(id: string): string {
  return `note:${id}`;
}

function canvasItem(
  node: WorkflowNode,
  ports: Ports,
  catalog: Catalog,
  selected: boolean,
  before: CanvasNode | undefined,
): CanvasItem {
  const known = before && !isNote(before) ? before : undefined;
  const schema = schemaOf(catalog, node);
  const isKnown = known?.data.node === node && known.data.ports === ports && known.data.schema === schema;
  if (isKnown && known.selected === selected && isAt(known, node.layout)) return known;
  const title = titleOf(catalog, node);
  const type = KINDS.has(node.type) && !isMissing(node, schema) ? node.type : "unknown";
  return {
    id: node.id,
    type,
    position: { x: node.layout.x, y: node.layout.y },
    data: isKnown ? known.data : { node, ports, title, schema },
    selected,
    ariaRole: "group",
    ariaLabel: title,
    ...sizeOf(node, ports, schema, known),
  };
}

function isMissing(node: WorkflowNode, schema: Schema | undefined): boolean {
  return node.type === "functionNode" && schema === undefined;
}

type Size = Pick<CanvasItem, "measured" | "handles">;

/** As measured on the screen while the shape is the same, else as worked out. */
function sizeOf(
  node: WorkflowNode,
  ports: Ports,
  schema: Schema | undefined,
  known: CanvasItem | undefined,
): Size {
  if (known?.measured && hasSameShape(known.data, node, ports, schema)) {
    const { measured, handles } = known;
    return handles ? { measured, handles } : { measured };
  }
  const { width, height, handles } = geometryOf(node, ports, schema);
  return { measured: { width, height }, handles };
}

function hasSameShape(
  before: NodeData,
  node: WorkflowNode,
  ports: Ports,
  schema: Schema | undefined,
): boolean {
  if (before.schema !== schema || before.node.layout.collapsed !== node.layout.collapsed) return false;
  const { width, height } = before.node.layout;
  return (
    width === node.layout.width && height === node.layout.height && shapeOf(before.ports) === shapeOf(ports)
  );
}

function shapeOf({ inputs, outputs }: Ports): string {
  const ids = [
    ...inputs.map(({ id, folded }) => `${id}${folded ? "?" : ""}`),
    "",
    ...outputs.map(({ id }) => id),
  ];
  return ids.join("\n");
}

function isAt({ position }: CanvasNode, { x, y }: { x: number; y: number }): boolean {
  return position.x === x && position.y === y;
}

function noteItem(note: Note, selected: boolean, before: CanvasNode | undefined): NoteItem {
  const known = before && isNote(before) ? before : undefined;
  if (known?.data.note === note && known.selected === selected && isAt(known, note)) return known;
  return {
    id: noteId(note.id),
    type: "note",
    position: { x: note.x, y: note.y },
    data: known?.data.note === note ? known.data : { note },
    selected,
    // Notes are something to put nodes on, also when they are selected, which lifts everything by 1000.
    zIndex: selected ? -1001 : -1,
    ariaRole: "group",
    ariaLabel: "Note",
    measured: { width: note.width, height: note.height },
    handles: [],
  };
}
