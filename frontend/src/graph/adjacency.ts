/** Which edges begin and end where, worked out once for each snapshot of a workflow's edges. */

import { grouped } from "@/graph/grouping";
import type { WorkflowEdge } from "@/graph/workflow";

export type Edges = ReadonlyMap<string, WorkflowEdge>;

interface Adjacency {
  readonly into: ReadonlyMap<string, readonly WorkflowEdge[]>;
  readonly outOf: ReadonlyMap<string, readonly WorkflowEdge[]>;
}

const NO_EDGES: readonly WorkflowEdge[] = [];
const remembered = new WeakMap<Edges, Adjacency>();
const without = new WeakMap<Edges, { id: string; edges: Edges }>();

/** The edges that end at a node, in the order of the file. */
export function edgesInto(edges: Edges, node: string): readonly WorkflowEdge[] {
  return adjacencyOf(edges).into.get(node) ?? NO_EDGES;
}

/** The edges that begin at a node, in the order of the file. */
export function edgesOutOf(edges: Edges, node: string): readonly WorkflowEdge[] {
  return adjacencyOf(edges).outOf.get(node) ?? NO_EDGES;
}

/** The edges but one: what counts while the end of that one is dragged elsewhere. */
export function edgesWithout(edges: Edges, id: string | undefined): Edges {
  if (id === undefined || !edges.has(id)) return edges;
  const known = without.get(edges);
  if (known?.id === id) return known.edges;
  const rest = new Map(edges);
  rest.delete(id);
  without.set(edges, { id, edges: rest });
  return rest;
}

/** The nodes and everything they depend on. */
export function upstream(edges: Edges, nodes: Iterable<string>): Set<string> {
  return reached(nodes, adjacencyOf(edges).into, "source");
}

/** The nodes and everything that depends on them. */
export function downstream(edges: Edges, nodes: Iterable<string>): Set<string> {
  return reached(nodes, adjacencyOf(edges).outOf, "target");
}

function reached(from: Iterable<string>, lists: Adjacency["into"], end: "source" | "target"): Set<string> {
  const found = new Set(from);
  for (const node of found) {
    for (const edge of lists.get(node) ?? NO_EDGES) found.add(edge[end]);
  }
  return found;
}

function adjacencyOf(edges: Edges): Adjacency {
  const known = remembered.get(edges);
  if (known) return known;
  const all = [...edges.values()];
  const adjacency = {
    into: grouped(all, ({ target }) => target),
    outOf: grouped(all, ({ source }) => source),
  };
  remembered.set(edges, adjacency);
  return adjacency;
}
