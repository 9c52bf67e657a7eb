/** The tools of commands, the same object as long as the canvas is there. */

import { useReactFlow } from "@xyflow/react";
import { useEffect, useMemo, useRef } from "react";
import { useCanvas } from "@/editor/canvas_context";
import type { CanvasEdge, CanvasNode } from "@/editor/canvas_nodes";
import type { CanvasStore } from "@/editor/canvas_store";
import type { CanvasTools } from "@/editor/canvas_tools";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { canvasElement } from "@/editor/focus";

export function useCanvasTools(store: CanvasStore): CanvasTools {
  const value = useCanvas();
  const now = useRef(value);
  now.current = value;
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const pointer = usePointer();
  return useMemo(
    () => ({
      canvas: () => now.current,
      flow,
      store,
      area: () => canvasElement()?.getBoundingClientRect() ?? new DOMRect(),
      pointer: () => pointer.current,
    }),
    [flow, store, pointer],
  );
}

function usePointer() {
  const pointer = useRef<ScreenPoint | null>(null);
  useEffect(() => {
    const move = ({ clientX, clientY, target }: PointerEvent) => {
      const isOver = target instanceof Node && canvasElement()?.contains(target);
      pointer.current = isOver ? { x: clientX, y: clientY } : null;
    };
    window.addEventListener("pointermove", move, { passive: true });
    return () => window.removeEventListener("pointermove", move);
  }, []);
  return pointer;
}
