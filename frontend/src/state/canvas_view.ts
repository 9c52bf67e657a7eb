/** What panels may ask of the canvas that is on the screen: it registers itself, they need not know it. */

import type { Point } from "@/graph/workflow";

export interface CanvasView {
  /** The place in the workflow that is in the middle of the canvas. */
  center(): Point;
  /** Brings nodes and notes into view, as far as they are not. */
  reveal(ids: readonly string[]): void;
}

let shown: CanvasView | null = null;

/** Called by the canvas when it appears. Returns what takes it out again. */
export function showCanvas(view: CanvasView): () => void {
  shown = view;
  return () => {
    if (shown === view) shown = null;
  };
}

export function canvasView(): CanvasView | null {
  return shown;
}
