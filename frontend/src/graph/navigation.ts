/** Getting from node to node with the keyboard: by where they are, and along the edges. */

import { edgesInto, edgesOutOf } from "@/graph/adjacency";
import type { Box } from "@/graph/boxes";
import type { Workflow } from "@/graph/workflow";

export type Direction = "left" | "right" | "up" | "down";

/** How much worse it is to be off to the side than to be farther away. */
const ASIDE = 2;

/** The nearest box in a direction, as the eye sees it: straight ahead before off to the side. */
export function nearest(boxes: Iterable<Box>, from: string, direction: Direction): string | null {
  const all = [...boxes];
  const start = all.find(({ id }) => id === from);
  if (!start) return null;
  let best: { id: string; distance: number } | null = null;
  for (const box of all) {
    const distance = distanceBetween(start, box, direction);
    if (distance !== null && (best === null || distance < best.distance)) best = { id: box.id, distance };
  }
  return best?.id ?? null;
}

function distanceBetween(start: Box, box: Box, direction: Direction): number | null {
  if (box.id === start.id) return null;
  const dx = box.x + box.width / 2 - (start.x + start.width / 2);
  const dy = box.y + box.height / 2 - (start.y + start.height / 2);
  const sideways = direction === "left" || direction === "right";
  const ahead = (sideways ? dx : dy) * (direction === "left" || direction === "up" ? -1 : 1);
  return ahead > 0 ? ahead + Math.abs(sideways ? dy : dx) * ASIDE : null;
}

/** The nodes one edge away, in the order of the edges: what a node takes from, or what it gives to. */
export function neighbours(workflow: Workflow, node: string, along: "back" | "forward"): string[] {
  const ids =
    along === "back"
      ? edgesInto(workflow.edges, node).map(({ source }) => source)
      : edgesOutOf(workflow.edges, node).map(({ target }) => target);
  return [...new Set(ids)].filter((id) => workflow.nodes.has(id));
}

/** The node next to this one among those that the same node leads to (or that lead to the same): up and down a fork. */
export function sibling(workflow: Workflow, node: string, step: 1 | -1): string | null {
  const before = neighbours(workflow, node, "back").flatMap((id) => neighbours(workflow, id, "forward"));
  const after = neighbours(workflow, node, "forward").flatMap((id) => neighbours(workflow, id, "back"));
  const all = [...new Set(before.length > 1 ? before : after)];
  const at = all.indexOf(node);
  return at === -1 || all.length < 2 ? null : (all.at((at + step) % all.length) ?? null);
}

/** The order in which to go through boxes without looking at edges: rows from the top, each from the left. */
export function readingOrder(boxes: Iterable<Box>): string[] {
  const rows: Box[][] = [];
  for (const box of [...boxes].sort((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && box.y < first.y + first.height / 2) row.push(box);
    else rows.push([box]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x)).map(({ id }) => id);
}
