/** When the view is so far away that the overview takes over. */

import type { CanvasNode } from "@/editor/canvas_nodes";

const UNREADABLE = 0.28;
/** Fewer are drawn as they are at any distance: their shape is known even where their words cannot be read. */
const FEW = 150;
const SMALL = 0.5;
/** More nodes than React can move smoothly at once. */
const MANY = 400;

export interface ViewState {
  readonly transform: readonly [number, number, number];
  readonly width: number;
  readonly height: number;
}

export function isFar(view: ViewState, nodes: readonly CanvasNode[]): boolean {
  const zoom = view.transform[2];
  if (zoom < UNREADABLE) return nodes.length > FEW;
  return zoom < SMALL && nodes.length > MANY && countInView(view, nodes) > MANY;
}

function countInView(
  { transform: [x, y, zoom], width, height }: ViewState,
  nodes: readonly CanvasNode[],
): number {
  const [left, top] = [-x / zoom, -y / zoom];
  const [right, bottom] = [left + width / zoom, top + height / zoom];
  let count = 0;
  for (const { position, measured } of nodes) {
    const isInside =
      position.x < right &&
      position.y < bottom &&
      position.x + (measured?.width ?? 0) > left &&
      position.y + (measured?.height ?? 0) > top;
    if (isInside) count += 1;
  }
  return count;
}
