/** Moving the view: to everything, to a selection, or just far enough to see a node. */

import { type CanvasTools, centerOf } from "@/editor/canvas_tools";
import { fittingView } from "@/editor/keeping_view";
import type { ShownCanvas } from "@/editor/surroundings";
import { type Box, boundsOf } from "@/graph/boxes";

const DURATION = 200;

/** Shows the boxes, never larger than life. React Flow's own fitting waits for nodes that are not drawn. */
export function showBoxes(tools: CanvasTools, boxes: readonly Box[], animated = true): void {
  const { width, height } = tools.area();
  if (boxes.length === 0 || width === 0 || height === 0) return;
  const viewport = fittingView(boundsOf(boxes), { width, height });
  void tools.flow.setViewport(viewport, { duration: animated ? duration() : 0 });
}

/** What panels may ask of this canvas. */
export function shownCanvas(tools: CanvasTools): ShownCanvas {
  return {
    center: () => {
      const { x, y } = tools.flow.screenToFlowPosition(centerOf(tools));
      return { x: Math.round(x), y: Math.round(y) };
    },
    reveal: (ids) => {
      const [first, ...others] = ids;
      if (first !== undefined && others.length === 0) reveal(tools, first);
      else showBoxes(tools, tools.store.boxes(new Set(ids)));
    },
  };
}

/** Moves the view as little as it takes to see the node, and zooms in when it could not be read. */
export function reveal(tools: CanvasTools, id: string): void {
  const [box] = tools.store.boxes(new Set([id]));
  if (!box) return;
  const { x, y, zoom } = tools.flow.getViewport();
  const { width, height } = tools.area();
  const isReadable = zoom >= 0.5;
  const inside =
    box.x * zoom + x >= 0 &&
    box.y * zoom + y >= 0 &&
    (box.x + box.width) * zoom + x <= width &&
    (box.y + box.height) * zoom + y <= height;
  if (inside && isReadable) return;
  void tools.flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, {
    zoom: isReadable ? zoom : 1,
    duration: duration(),
  });
}

/** Milliseconds that a move of the view takes, for those who like to see it. */
export function duration(): number {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ? 0 : DURATION;
}
