/** Whether the overview is shown instead of nodes. */

import { useStore, useStoreApi } from "@xyflow/react";
import { useLayoutEffect } from "react";
import type { CanvasEdge, CanvasNode } from "@/editor/canvas_nodes";
import type { CanvasContent, CanvasStore } from "@/editor/canvas_store";
import { isFar } from "@/editor/far_away";

export function useFar(store: CanvasStore, { nodes }: CanvasContent): boolean {
  const api = useStoreApi<CanvasNode, CanvasEdge>();
  useLayoutEffect(
    () =>
      api.subscribe((state, before) => {
        if (state.transform === before.transform || state.nodes.length === 0) return;
        if (!isFar(state, store.content.nodes)) return;
        // At once: by the time that we render, React Flow would have mounted all nodes that came into view.
        state.setNodes([]);
        state.setEdges([]);
      }),
    [api, store],
  );
  return useStore(({ transform, width, height }) => isFar({ transform, width, height }, nodes));
}
