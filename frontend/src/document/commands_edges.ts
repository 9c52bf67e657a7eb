/** Connecting and disconnecting nodes. What may be connected is for graph/connecting to say; a circle never is. */

import type { WorkflowDocument } from "@/document/document";
import type { Draft } from "@/document/draft";
import { edgesInto, edgesWithout } from "@/graph/adjacency";
import { type Catalog, EMPTY_CATALOG, type Schema } from "@/graph/catalog";
import type { Connection, Offer } from "@/graph/connecting";
import { edgeId } from "@/graph/file";
import { bestPort } from "@/graph/fitting";
import { dataFor, newNode } from "@/graph/new_node";
import { inputAt, outputAt, portsOf } from "@/graph/ports";
import { fit as fitOf } from "@/graph/types";
import { wayBetween } from "@/graph/ways";
import type { Point, Workflow, WorkflowEdge } from "@/graph/workflow";

/** Connects an output with an input, in place of what ends there. Returns the edge's id, or null when it cannot be. */
export function connect(
  document: WorkflowDocument,
  connection: Connection,
  replaces?: string,
): string | null {
  return edit(document, "Connect", connection, replaces);
}

/** Moves an end of an edge. Returns the id of the edge that is there now, or null when it cannot be. */
export function reconnect(
  document: WorkflowDocument,
  moving: string,
  connection: Connection,
  replaces?: string,
): string | null {
  return edit(document, "Reconnect", connection, replaces, moving);
}

export function disconnect(document: WorkflowDocument, edge: string): void {
  document.edit("Disconnect", (draft) => draft.removeEdge(edge));
}

function edit(
  document: WorkflowDocument,
  label: string,
  connection: Connection,
  replaces?: string,
  moving?: string,
): string | null {
  const { workflow } = document;
  const moved = moving === undefined ? undefined : workflow.edges.get(moving);
  if (moving !== undefined && !moved) return null;
  const existing = sameEdge(workflow, connection);
  if (existing && (existing === moved || !moved)) return existing.id;
  if (!isPossible(workflow, connection, moving)) return null;
  let id = "";
  document.edit(label, (draft) => {
    if (moved) draft.removeEdge(moved.id);
    if (replaces !== undefined) draft.removeEdge(replaces);
    id = putConnection(workflow, draft, connection, moved?.extra);
  });
  return id;
}

function sameEdge(workflow: Workflow, connection: Connection): WorkflowEdge | undefined {
  return edgesInto(workflow.edges, connection.target).find((edge) => isBetween(edge, connection));
}

function isBetween(edge: WorkflowEdge, connection: Connection): boolean {
  return (
    edge.source === connection.source &&
    edge.target === connection.target &&
    edge.sourceHandle === connection.sourceHandle &&
    edge.targetHandle === connection.targetHandle
  );
}

function isPossible({ nodes, edges }: Workflow, { source, target }: Connection, moving?: string): boolean {
  if (source === target || !nodes.has(source) || !nodes.has(target)) return false;
  return wayBetween(edgesWithout(edges, moving), target, source) === null;
}

/** Puts an edge in place of those that end at the same input. Returns its id. */
export function putConnection(
  workflow: Workflow,
  draft: Draft,
  connection: Connection,
  extra: WorkflowEdge["extra"] = {},
): string {
  const { source, sourceHandle, target, targetHandle } = connection;
  for (const edge of edgesInto(workflow.edges, target)) {
    if (isSameInput(workflow, edge, connection)) draft.removeEdge(edge.id);
  }
  const id = freeId(workflow, connection);
  draft.putEdge({ id, source, target, sourceHandle, targetHandle, extra });
  return id;
}

/** Every edge into a view means its only input, whatever the edge says. */
function isSameInput(workflow: Workflow, edge: WorkflowEdge, { target, targetHandle }: Connection): boolean {
  return (
    workflow.nodes.get(target)?.type === "viewNode" || (edge.targetHandle ?? "") === (targetHandle ?? "")
  );
}

/** Ids of edges in files need not be ours, and odd ids of nodes can give two edges the same one. */
function freeId(workflow: Workflow, connection: Connection): string {
  const id = edgeId(connection.source, connection.sourceHandle, connection.target, connection.targetHandle);
  const isTaken = (candidate: string) => {
    const edge = workflow.edges.get(candidate);
    return edge !== undefined && !isSameInput(workflow, edge, connection);
  };
  let free = id;
  for (let number = 2; isTaken(free); number += 1) free = `${id}_${number}`;
  return free;
}

/** Adds a function in the middle of an edge. Returns the new node's id, or null when nothing can go through it. */
export function insertOnEdge(
  document: WorkflowDocument,
  edge: string,
  schema: Schema,
  point: Point,
  catalog: Catalog = EMPTY_CATALOG,
): string | null {
  const old = document.workflow.edges.get(edge);
  const offer = old && throughPorts(document.workflow, catalog, old, schema);
  return old && offer ? connectThrough(document, old, offer, point, `Insert ${schema.name}`, edge) : null;
}

function throughPorts(
  workflow: Workflow,
  catalog: Catalog,
  edge: WorkflowEdge,
  schema: Schema,
): Offer | null {
  const [source, target] = [workflow.nodes.get(edge.source), workflow.nodes.get(edge.target)];
  if (!source || !target) return null;
  const given = outputAt(portsOf(source, catalog, workflow.edges), edge.sourceHandle)?.type ?? "Any";
  const wanted = inputAt(target, portsOf(target, catalog, workflow.edges), edge.targetHandle)?.type ?? "Any";
  const input = bestPort(schema, given, "output")?.handle ?? schema.params[0]?.name;
  const output = schema.returns.find(({ type }) => fitOf(type, wanted) !== "unlikely") ?? schema.returns[0];
  return input === undefined || !output ? null : { schema, input, output: output.name };
}

/** Connects two nodes through a new node of a function, such as an offered conversion. Returns the new node's id. */
export function connectThrough(
  document: WorkflowDocument,
  { source, sourceHandle, target, targetHandle }: Connection,
  { schema, input, output }: Offer,
  point: Point,
  label = `Connect through ${schema.name}`,
  replaces?: string,
): string | null {
  const { workflow } = document;
  if (!isPossible(workflow, { source, sourceHandle, target, targetHandle }, replaces)) return null;
  const node = newNode(workflow, { type: "functionNode", data: dataFor(schema), layout: { ...point } });
  document.edit(label, (draft) => {
    if (replaces !== undefined) draft.removeEdge(replaces);
    draft.putNode(node);
    putConnection(workflow, draft, { source, sourceHandle, target: node.id, targetHandle: input });
    putConnection(workflow, draft, { source: node.id, sourceHandle: output, target, targetHandle });
  });
  return node.id;
}
