/** A tidy layout: from left to right along the edges, siblings in the order of the ports they lead to. */

import dagre from "@dagrejs/dagre";
import { type Box, boundsOf } from "@/graph/boxes";
import { columnLayout, GAP, type TidyEdge } from "@/graph/column_layout";
import { grouped } from "@/graph/grouping";
import type { Point } from "@/graph/workflow";

export interface TidyRequest {
  readonly boxes: readonly Box[];
  readonly edges: readonly TidyEdge[];
}

const SNAP = 8;
/** Above this, dagre takes many seconds; columns take a fraction of one. */
const MOST_FOR_DAGRE = 2_000;

/** The places of all boxes. The layout begins where the boxes began, so that the view need not move. */
export function tidied({ boxes, edges }: TidyRequest): [string, Point][] {
  const known = new Map(boxes.map((box) => [box.id, box]));
  const inner = edges.filter(
    ({ source, target }) => source !== target && known.has(source) && known.has(target),
  );
  const connected = new Set(inner.flatMap(({ source, target }) => [source, target]));
  const linked = boxes.filter(({ id }) => connected.has(id));
  const placed = linked.length > MOST_FOR_DAGRE ? columnLayout(linked, inner) : layered(linked, inner);
  const all = [
    ...placed,
    ...grid(
      boxes.filter(({ id }) => !connected.has(id)),
      bottomOf(placed),
    ),
  ];
  return anchored(all, boundsOf(boxes));
}

function layered(boxes: readonly Box[], edges: readonly TidyEdge[]): Box[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranker: "tight-tree", nodesep: GAP.rows, ranksep: GAP.columns });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const { source, target } of edges) graph.setEdge(source, target, {});
  dagre.layout(graph);
  const placed = boxes.map((box) => {
    const { x, y }: Point = graph.node(box.id);
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  return inPortOrder(placed, edges);
}

/** Sorts nodes of one column that lead to the same node alone (or come from it alone) by its ports. */
function inPortOrder(boxes: readonly Box[], edges: readonly TidyEdge[]): Box[] {
  const keys = siblingKeys(edges);
  const columns = grouped(boxes, (box) => Math.round(box.x + box.width / 2));
  return [...columns.values()].flatMap((column) => restacked(column, keys));
}

interface SiblingKey {
  readonly family: string;
  readonly order: number;
}

function siblingKeys(edges: readonly TidyEdge[]): Map<string, SiblingKey> {
  const keys = new Map<string, SiblingKey>();
  for (const [target, into] of grouped(edges, (edge) => edge.target)) {
    if (new Set(into.map(({ source }) => source)).size !== 1) continue;
    const [edge] = into;
    if (edge) keys.set(target, { family: `from ${edge.source}`, order: edge.sourcePort });
  }
  for (const [source, outOf] of grouped(edges, (edge) => edge.source)) {
    if (new Set(outOf.map(({ target }) => target)).size !== 1) continue;
    const [edge] = outOf;
    if (edge) keys.set(source, { family: `to ${edge.target}`, order: edge.targetPort });
  }
  return keys;
}

/** Swaps siblings among their own places in the column; the gaps between places stay. */
function restacked(column: readonly Box[], keys: ReadonlyMap<string, SiblingKey>): Box[] {
  const before = [...column].sort((a, b) => a.y - b.y);
  const families = grouped(before, ({ id }) => keys.get(id)?.family ?? id);
  const order = ({ id }: Box) => keys.get(id)?.order ?? 0;
  const queues = new Map(
    [...families].map(([name, boxes]) => [name, boxes.toSorted((a, b) => order(a) - order(b))]),
  );
  const after = before.map((box) => queues.get(keys.get(box.id)?.family ?? box.id)?.shift() ?? box);
  let y = before[0]?.y ?? 0;
  return after.map((box, index) => {
    const placed = { ...box, y };
    const [here, next] = [before[index], before[index + 1]];
    if (here && next) y += box.height + (next.y - here.y - here.height);
    return placed;
  });
}

/** Rows of nodes without edges, below the others. */
function grid(boxes: readonly Box[], top: number): Box[] {
  const columns = Math.ceil(Math.sqrt(boxes.length));
  const width = boxes.reduce((most, box) => Math.max(most, box.width), 0) + GAP.rows;
  const height = boxes.reduce((most, box) => Math.max(most, box.height), 0) + GAP.rows;
  return boxes.map((box, index) => ({
    ...box,
    x: (index % columns) * width,
    y: top + Math.floor(index / columns) * height,
  }));
}

function bottomOf(boxes: readonly Box[]): number {
  const { y, height } = boundsOf(boxes);
  return boxes.length === 0 ? 0 : y + height + GAP.rows;
}

function anchored(placed: readonly Box[], before: Point): [string, Point][] {
  const after = boundsOf(placed);
  const snapped = (value: number) => Math.round(value / SNAP) * SNAP;
  return placed.map(({ id, x, y }) => [
    id,
    { x: snapped(x - after.x + before.x), y: snapped(y - after.y + before.y) },
  ]);
}
