/** What commands on the canvas work with: unlike a component they are run at any time, so they ask for what is now. */

import type { ReactFlowInstance } from "@xyflow/react";
import type { CanvasContextValue } from "@/editor/canvas_context";
import type { CanvasEdge, CanvasNode } from "@/editor/canvas_nodes";
import type { CanvasStore } from "@/editor/canvas_store";
import type { ScreenPoint } from "@/editor/canvas_ui";

export interface CanvasTools {
  canvas(): CanvasContextValue;
  readonly flow: ReactFlowInstance<CanvasNode, CanvasEdge>;
  readonly store: CanvasStore;
  /** The canvas's rectangle in the window. */
  area(): DOMRect;
  /** Where the pointer is, if it is over the canvas. */
  pointer(): ScreenPoint | null;
}

/** Where something that the pointer did not ask for appears. */
export function centerOf(tools: CanvasTools): ScreenPoint {
  const { left, top, width, height } = tools.area();
  return { x: left + width / 2, y: top + height / 2 };
}
