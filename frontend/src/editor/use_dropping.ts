/** Library items dropped on the canvas, on an edge too, and text pasted into it. */

import { type ClipboardEvent, type DragEvent, useMemo } from "react";
import type { CanvasTools } from "@/editor/canvas_tools";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { pasteText } from "@/editor/editing_commands";
import { focusCanvas, isCanvasFocused } from "@/editor/focus";
import { HEADER, WIDTH } from "@/editor/node_geometry";
import { addItem, type PaletteItem } from "@/editor/palette_items";
import { remember } from "@/editor/recent_functions";
import { select } from "@/editor/surroundings";
import type { Catalog } from "@/graph/catalog";
import { BUILT_IN } from "@/graph/searching";
import { isObject } from "@/graph/workflow";

/** JSON `{type, ref?}`: the kind of node and, for a function, which. */
export const DRAG_TYPE = "application/psynapse-node";

export function useDropping(tools: CanvasTools) {
  return useMemo(
    () => ({
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        const dropEdge = edgeUnder({ x: event.clientX, y: event.clientY }) ?? null;
        const { ui } = tools.canvas();
        if (ui.getState().dropEdge !== dropEdge) ui.setState({ dropEdge });
      },
      onDragLeave: () => tools.canvas().ui.setState({ dropEdge: null }),
      onDrop: (event: DragEvent) => {
        const { ui } = tools.canvas();
        const { dropEdge } = ui.getState();
        ui.setState({ dropEdge: null });
        const item = itemOf(event.dataTransfer.getData(DRAG_TYPE), tools.canvas().catalog);
        if (!item) return;
        event.preventDefault();
        event.stopPropagation();
        drop(tools, item, { x: event.clientX, y: event.clientY }, dropEdge);
      },
      onPaste: (event: ClipboardEvent) => {
        if (!isCanvasFocused() || !pasteText(tools, event.clipboardData.getData("text/plain"))) return;
        event.preventDefault();
        event.stopPropagation();
      },
    }),
    [tools],
  );
}

function drop(tools: CanvasTools, item: PaletteItem, at: ScreenPoint, edge: string | null): void {
  const canvas = tools.canvas();
  const { x, y } = tools.flow.screenToFlowPosition(at);
  const place = { x: Math.round(x - WIDTH / 2), y: Math.round(y - HEADER / 2) };
  const isInsertion = edge !== null && item.kind === "function";
  const added =
    (isInsertion ? addItem(canvas, item, { at, edge }, place) : null) ?? addItem(canvas, item, { at }, place);
  if (item.kind === "function") remember(item.schema.ref);
  if (added) select("node" in added ? [added.node] : { notes: [added.note] });
  focusCanvas();
}

function itemOf(text: string, catalog: Catalog): PaletteItem | null {
  const dragged = parsed(text);
  if (!isObject(dragged)) return null;
  const { type, ref } = dragged;
  if (type === "note") return { kind: "note", key: "note" };
  const builtIn = BUILT_IN.find((one) => one.type === type);
  if (builtIn) return { kind: "builtIn", key: builtIn.type, builtIn };
  const schema = typeof ref === "string" ? catalog.byRef.get(ref) : undefined;
  return schema ? { kind: "function", key: schema.ref, schema } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else was dragged under our name.
    return null;
  }
}

function edgeUnder({ x, y }: ScreenPoint): string | undefined {
  const elements = document.elementsFromPoint?.(x, y) ?? [];
  for (const element of elements) {
    const edge = element.closest<SVGElement>(".react-flow__edge");
    if (edge) return edge.dataset.id;
  }
  return undefined;
}
