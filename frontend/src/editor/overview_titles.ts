/** The titles of nodes in the overview, as large as they must be to be read, in the boxes that have room for them. */

import { type CanvasNode, isNote } from "@/editor/canvas_nodes";
import type { View } from "@/editor/overview_drawing";

/** In pixels of the screen, whatever the zoom. */
const SIZE = 11;
const LETTER = 6.4;
const MARGIN = 4;
/** Fewer letters than this say nothing. */
const LEAST = 4;

export function drawTitles(
  context: CanvasRenderingContext2D,
  nodes: readonly CanvasNode[],
  { x, y, zoom }: View,
  color: (token: string) => string,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = `600 ${SIZE}px ${color("--font-ui")}`;
  context.textBaseline = "middle";
  context.fillStyle = color("--text");
  for (const node of nodes) {
    if (isNote(node)) continue;
    const left = node.position.x * zoom + x;
    const top = node.position.y * zoom + y;
    const room = { width: (node.measured?.width ?? 0) * zoom, height: (node.measured?.height ?? 0) * zoom };
    const isOutside = left > width || top > height || left + room.width < 0 || top + room.height < 0;
    if (isOutside || room.height < SIZE) continue;
    const title = shortened(node.data.title, (room.width - 2 * MARGIN) / LETTER);
    if (title !== "") context.fillText(title, left + MARGIN, top + room.height / 2);
  }
}

/** What fits of a text, or nothing when that would say nothing. */
export function shortened(text: string, letters: number): string {
  if (text.length <= letters) return text;
  const kept = Math.floor(letters) - 1;
  return kept < LEAST ? "" : `${text.slice(0, kept)}…`;
}
