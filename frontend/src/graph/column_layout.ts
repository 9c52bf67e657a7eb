/** A simple layered layout for very large workflows: a column for each rank, ordered to keep edges short. */

import type { Box } from "@/graph/boxes";
import { grouped } from "@/graph/grouping";

export interface TidyEdge {
  readonly source: string;
  readonly target: string;
  /** How far down the node the edge begins and ends: the numbers of its ports. */
  readonly sourcePort: number;
  readonly targetPort: number;
}

export const GAP = { columns: 80, rows: 32 } as const;
const SWEEPS = 4;
/** How much of a row the distance between two ports counts. */
const PORT_STEP = 0.01;

interface Neighbours {
  readonly before: ReadonlyMap<string, readonly { id: string; port: number }[]>;
  readonly after: ReadonlyMap<string, readonly { id: string; port: number }[]>;
}

export function columnLayout(boxes: readonly Box[], edges: readonly TidyEdge[]): Box[] {
  const ranks = ranksOf(boxes, edges);
  const columns = columnsOf(boxes, ranks);
  const neighbours = neighboursOf(
    edges.filter(({ source, target }) => (ranks.get(source) ?? 0) < (ranks.get(target) ?? 0)),
  );
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forwards = sweep % 2 === 0;
    const rows = rowsOf(columns);
    for (const column of forwards ? columns : [...columns].reverse()) {
      orderColumn(column, forwards ? neighbours.before : neighbours.after, rows);
    }
  }
  return stacked(columns);
}

/** The longest way to each node, in Kahn's order. When only circles are left, their first node goes first. */
function ranksOf(boxes: readonly Box[], edges: readonly TidyEdge[]): Map<string, number> {
  const following = grouped(edges, ({ source }) => source);
  const ranks = new Map(boxes.map(({ id }) => [id, 0]));
  const waiting = new Map(ranks);
  for (const { target } of edges) waiting.set(target, (waiting.get(target) ?? 0) + 1);
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = ready.pop() ?? firstKey(waiting); id !== undefined; id = ready.pop() ?? firstKey(waiting)) {
    waiting.delete(id);
    for (const { target } of following.get(id) ?? []) {
      const count = waiting.get(target);
      if (count === undefined) continue;
      ranks.set(target, Math.max(ranks.get(target) ?? 0, (ranks.get(id) ?? 0) + 1));
      waiting.set(target, count - 1);
      if (count === 1) ready.push(target);
    }
  }
  return ranks;
}

function firstKey(map: ReadonlyMap<string, unknown>): string | undefined {
  return map.keys().next().value;
}

function columnsOf(boxes: readonly Box[], ranks: ReadonlyMap<string, number>): Box[][] {
  const byRank = grouped(boxes, ({ id }) => ranks.get(id) ?? 0);
  return [...byRank].sort(([a], [b]) => a - b).map(([, column]) => column);
}

function neighboursOf(edges: readonly TidyEdge[]): Neighbours {
  const before = grouped(edges, ({ target }) => target);
  const after = grouped(edges, ({ source }) => source);
  return {
    before: new Map(
      [...before].map(([id, into]) => [id, into.map((edge) => ({ id: edge.source, port: edge.sourcePort }))]),
    ),
    after: new Map(
      [...after].map(([id, out]) => [id, out.map((edge) => ({ id: edge.target, port: edge.targetPort }))]),
    ),
  };
}

function rowsOf(columns: readonly (readonly Box[])[]): Map<string, number> {
  return new Map(
    columns.flatMap((column) => column.map(({ id }, row) => [id, row / column.length] as const)),
  );
}

/** Sorts a column by where its neighbours are, and the rows of what follows see the new order. */
function orderColumn(column: Box[], neighbours: Neighbours["before"], rows: Map<string, number>): void {
  const wanted = new Map(column.map(({ id }) => [id, meanRow(id, neighbours.get(id) ?? [], rows)]));
  column.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
  for (const [row, { id }] of column.entries()) rows.set(id, row / column.length);
}

function meanRow(
  id: string,
  neighbours: readonly { id: string; port: number }[],
  rows: ReadonlyMap<string, number>,
): number {
  if (neighbours.length === 0) return rows.get(id) ?? 0;
  const sum = neighbours.reduce(
    (total, other) => total + (rows.get(other.id) ?? 0) + (other.port * PORT_STEP) / rows.size,
    0,
  );
  return sum / neighbours.length;
}

/** Columns side by side, each around the same middle. */
function stacked(columns: readonly (readonly Box[])[]): Box[] {
  let x = 0;
  return columns.flatMap((column) => {
    const heights = column.reduce((sum, box) => sum + box.height + GAP.rows, -GAP.rows);
    const left = x;
    x += column.reduce((most, box) => Math.max(most, box.width), 0) + GAP.columns;
    let y = -heights / 2;
    return column.map((box) => {
      const placed = { ...box, x: left, y };
      y += box.height + GAP.rows;
      return placed;
    });
  });
}
