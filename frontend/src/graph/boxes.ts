/** Where nodes and notes are on the canvas, and how large. */

import type { Layout, Point, Workflow } from "@/graph/workflow";

export interface Box extends Point {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

/** What a node measures as long as nobody has measured it. */
export const USUAL_SIZE = { width: 240, height: 120 } as const;
const COLLAPSED_HEIGHT = 32;

export function boxOf(id: string, layout: Layout): Box {
  const height = layout.collapsed ? COLLAPSED_HEIGHT : (layout.height ?? USUAL_SIZE.height);
  return { id, x: layout.x, y: layout.y, width: layout.width ?? USUAL_SIZE.width, height };
}

/** The boxes of some nodes and notes of a workflow, or of all, as far as their saved sizes tell. */
export function boxesOf(workflow: Workflow, ids?: Iterable<string>): Box[] {
  const wanted = ids ?? [...workflow.nodes.keys(), ...workflow.notes.keys()];
  return [...wanted].flatMap((id) => {
    const node = workflow.nodes.get(id);
    if (node) return [boxOf(id, node.layout)];
    const note = workflow.notes.get(id);
    return note ? [{ id, x: note.x, y: note.y, width: note.width, height: note.height }] : [];
  });
}

/** The smallest rectangle around all boxes. */
export function boundsOf(boxes: readonly Omit<Box, "id">[]): {
  x: number;
  y: number;
  width: number;
  height: number;
} {
  if (boxes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const lowest = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const highest = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  const x = lowest(boxes.map((box) => box.x));
  const y = lowest(boxes.map((box) => box.y));
  const right = highest(boxes.map((box) => box.x + box.width));
  const bottom = highest(boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The nearest place at or below `at`, in steps, where the corner of no node is already: copies must not hide. */
export function freePlace(workflow: Workflow, at: Point, step = 32): Point {
  const taken = new Set([...workflow.nodes.values()].map(({ layout }) => placeKey(layout)));
  let place = at;
  while (taken.has(placeKey(place))) place = { x: place.x + step, y: place.y + step };
  return place;
}

function placeKey({ x, y }: Point): string {
  return `${Math.round(x)},${Math.round(y)}`;
}
