/** The mouse on the canvas itself: focus, the palette by double click, menus, and picking nodes in the overview. */

import { type MouseEvent, useMemo } from "react";
import { type CanvasNode, isNote } from "@/editor/canvas_nodes";
import type { CanvasTools } from "@/editor/canvas_tools";
import { focusCanvas, isTyping } from "@/editor/focus";
import { select } from "@/editor/surroundings";
import { reveal } from "@/editor/view_moves";

export function usePane(tools: CanvasTools, far: boolean) {
  return useMemo(
    () => ({
      root: {
        onClick: ({ target }: MouseEvent) => {
          // React Flow keeps clicks to itself; keys are to work after them.
          const isPlain = target instanceof Element && target.closest(".react-flow__pane, .react-flow__node");
          if (isPlain && !isTyping()) focusCanvas();
        },
        onDoubleClick: (event: MouseEvent) => {
          const isPane = event.target instanceof Element && event.target.matches(".react-flow__pane");
          if (isPane) tools.canvas().ui.setState({ palette: { at: { x: event.clientX, y: event.clientY } } });
        },
      },
      flow: {
        onPaneClick: (event: MouseEvent) => {
          if (far) pick(tools, event);
        },
        onNodeContextMenu: (event: MouseEvent, node: CanvasNode) => {
          event.preventDefault();
          if (isNote(node)) return;
          select([node.id]);
          tools.canvas().ui.setState({ menu: { node: node.id, at: { x: event.clientX, y: event.clientY } } });
        },
      },
    }),
    [tools, far],
  );
}

/** Selects the node that is drawn where the pointer is, and goes there. */
function pick(tools: CanvasTools, { clientX, clientY }: MouseEvent): void {
  const { x, y } = tools.flow.screenToFlowPosition({ x: clientX, y: clientY }, { snapToGrid: false });
  const { nodes } = tools.canvas().document.workflow;
  const hit = tools.store
    .boxes()
    .findLast(
      (box) =>
        nodes.has(box.id) && x >= box.x && y >= box.y && x <= box.x + box.width && y <= box.y + box.height,
    );
  if (!hit) return;
  select([hit.id]);
  reveal(tools, hit.id);
}
