/** Ways along the edges, by numbers instead of ids: asked for at every move of the pointer while an edge is dragged. */

import type { Edges } from "@/graph/adjacency";

/** Nodes by number, with the numbers of those that each leads to and comes from. */
interface Numbered {
  readonly ids: readonly string[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly after: readonly (readonly number[])[];
  readonly before: readonly (readonly number[])[];
}

const NONE: readonly number[] = [];
const remembered = new WeakMap<Edges, Numbered>();
const lastLeading = new WeakMap<Edges, { to: number; leading: Uint8Array }>();

/** The nodes of the shortest way, ends included, or null when there is none. */
export function wayBetween(edges: Edges, from: string, to: string): string[] | null {
  if (from === to) return [from];
  const graph = numbered(edges);
  const [start, end] = [graph.numbers.get(from), graph.numbers.get(to)];
  if (start === undefined || end === undefined) return null;
  const leading = leadingTo(edges, graph, end);
  return leading[start] === 1 ? shortestWay(graph, start, end, leading) : null;
}

/** Marks every node from which `to` can be reached. */
function leadingTo(edges: Edges, { ids, before }: Numbered, to: number): Uint8Array {
  const known = lastLeading.get(edges);
  if (known?.to === to) return known.leading;
  const leading = new Uint8Array(ids.length);
  leading[to] = 1;
  const pending = [to];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const source of before[node] ?? NONE) {
      if (leading[source] === 1) continue;
      leading[source] = 1;
      pending.push(source);
    }
  }
  lastLeading.set(edges, { to, leading });
  return leading;
}

function shortestWay({ ids, after }: Numbered, from: number, to: number, leading: Uint8Array): string[] {
  const cameFrom = new Int32Array(ids.length).fill(-1);
  const queue = [from];
  cameFrom[from] = from;
  for (let at = 0; cameFrom[to] === -1 && at < queue.length; at += 1) {
    const node = queue[at] ?? from;
    for (const target of after[node] ?? NONE) {
      if (leading[target] !== 1 || cameFrom[target] !== -1) continue;
      cameFrom[target] = node;
      queue.push(target);
    }
  }
  const way = [to];
  for (let node = to; node !== from; way.push(node)) node = cameFrom[node] ?? from;
  return way.reverse().map((node) => ids[node] ?? "");
}

function numbered(edges: Edges): Numbered {
  const known = remembered.get(edges);
  if (known) return known;
  const numbers = new Map<string, number>();
  const after: number[][] = [];
  const before: number[][] = [];
  const numberOf = (id: string) => {
    const number = numbers.get(id) ?? numbers.size;
    if (number === numbers.size) numbers.set(id, after.push([]) && before.push([]) - 1);
    return number;
  };
  for (const edge of edges.values()) {
    const [source, target] = [numberOf(edge.source), numberOf(edge.target)];
    after[source]?.push(target);
    before[target]?.push(source);
  }
  const graph = { ids: [...numbers.keys()], numbers, after, before };
  remembered.set(edges, graph);
  return graph;
}
