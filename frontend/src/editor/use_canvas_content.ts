/** What React Flow draws, kept in step with the document, and the handlers for what it reports. */

import { type EdgeChange, type NodeChange, useReactFlow, type XYPosition } from "@xyflow/react";
import { useCallback, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";
import { moveItems } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import { type CanvasEdge, type CanvasNode, isNote } from "@/editor/canvas_nodes";
import { type CanvasContent, CanvasStore } from "@/editor/canvas_store";
import { selectionAfter } from "@/editor/selecting";
import { select, useSelection } from "@/editor/surroundings";

export function useCanvasContent() {
  const { document, catalog } = useCanvas();
  const [store] = useState(() => {
    const made = new CanvasStore();
    made.follow(document.workflow, catalog, useSelection.getState());
    return made;
  });
  useLayoutEffect(() => {
    const follow = () => store.follow(document.workflow, catalog, useSelection.getState());
    follow();
    const leaving = [document.subscribe(follow), useSelection.subscribe(follow)];
    return () => {
      for (const leave of leaving) leave();
    };
  }, [store, document, catalog]);
  const content: CanvasContent = useSyncExternalStore(store.subscribe, () => store.content);
  return { store, content, handlers: useHandlers(store) };
}

function useHandlers(store: CanvasStore) {
  const { document } = useCanvas();
  const { getInternalNode } = useReactFlow<CanvasNode, CanvasEdge>();
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      store.apply(changes, (id) => {
        const bounds = getInternalNode(id)?.internals.handleBounds;
        return bounds ? [...(bounds.source ?? []), ...(bounds.target ?? [])] : undefined;
      });
      select(selectionAfter(useSelection.getState(), changes, "nodes"));
      endResizes(store, changes);
    },
    [store, getInternalNode],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<CanvasEdge>[]) => {
    select(selectionAfter(useSelection.getState(), changes, "edges"));
  }, []);
  const drop = useCallback(
    (_event: unknown, _node: unknown, dragged?: CanvasNode[]) =>
      moveItems(document, "Move", placesOf(dragged ?? [])),
    [document],
  );
  return useMemo(
    () => ({
      onNodesChange,
      onEdgesChange,
      onNodeDragStop: drop,
      onSelectionDragStop: (event: unknown, dragged: CanvasNode[]) => drop(event, undefined, dragged),
    }),
    [onNodesChange, onEdgesChange, drop],
  );
}

function placesOf(dragged: readonly CanvasNode[]): Map<string, XYPosition> {
  return new Map(
    dragged.map((node) => [
      isNote(node) ? node.data.note.id : node.id,
      { x: Math.round(node.position.x), y: Math.round(node.position.y) },
    ]),
  );
}

/** By then the command has written the size into the document. */
function endResizes(store: CanvasStore, changes: readonly NodeChange<CanvasNode>[]): void {
  for (const change of changes) {
    if (change.type === "dimensions" && change.resizing === false) store.endResize(change.id);
  }
}
