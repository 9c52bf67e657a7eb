/** Where a document was looked at last; one that is opened is shown as a whole. */

import type { Viewport } from "@xyflow/react";
import { useMemo } from "react";
import type { WorkflowDocument } from "@/document/document";
import type { CanvasTools } from "@/editor/canvas_tools";
import { showBoxes } from "@/editor/view_moves";

const remembered = new WeakMap<WorkflowDocument, Viewport>();

export function useViewport(tools: CanvasTools) {
  return useMemo(() => {
    const { document } = tools.canvas();
    return {
      defaultViewport: remembered.get(document) ?? { x: 0, y: 0, zoom: 1 },
      onInit: () => {
        if (!remembered.has(document)) showBoxes(tools, tools.store.boxes(), false);
      },
      onMoveEnd: (_event: unknown, viewport: Viewport) => remembered.set(document, viewport),
    };
  }, [tools]);
}
