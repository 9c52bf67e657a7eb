/** Edits of what is selected. */

import { arrange, deleteItems, duplicate, moveItems, paste } from "@/document/commands";
import type { CanvasTools } from "@/editor/canvas_tools";
import { centerOf } from "@/editor/canvas_tools";
import { copyToClipboard, lastCopied } from "@/editor/clipboard_access";
import { clear, select, useSelection } from "@/editor/surroundings";
import { showBoxes } from "@/editor/view_moves";
import { tidy, tidyRequest } from "@/graph/arranging";
import { copy, paste as read } from "@/graph/clipboard";
import type { Point, Workflow } from "@/graph/workflow";

/** The selected nodes and notes. */
export function selectedIds(): string[] {
  const { nodes, notes } = useSelection.getState();
  return [...nodes, ...notes];
}

export function hasSelection(): boolean {
  const { nodes, edges, notes } = useSelection.getState();
  return nodes.size + edges.size + notes.size > 0;
}

/** Selects by ids of nodes and notes alike. */
export function selectItems(workflow: Workflow, ids: readonly string[]): void {
  select({
    nodes: ids.filter((id) => workflow.nodes.has(id)),
    notes: ids.filter((id) => workflow.notes.has(id)),
  });
}

export function deleteSelected(tools: CanvasTools): void {
  const { nodes, edges, notes } = useSelection.getState();
  const count = nodes.size + edges.size + notes.size;
  if (count === 0) return;
  const { document, ui } = tools.canvas();
  deleteItems(document, { nodes, edges, notes });
  clear();
  ui.setState({ announcement: count === 1 ? "Deleted." : `${count} items deleted.` });
}

export function duplicateSelected(tools: CanvasTools): void {
  const { document } = tools.canvas();
  const ids = selectedIds();
  if (ids.length > 0) selectItems(document.workflow, duplicate(document, ids));
}

export function copySelected(tools: CanvasTools): void {
  const { document, ui } = tools.canvas();
  const ids = selectedIds();
  if (ids.length === 0) return;
  copyToClipboard(copy(document.workflow, ids));
  ui.setState({ announcement: ids.length === 1 ? "Copied." : `${ids.length} items copied.` });
}

export function cutSelected(tools: CanvasTools): void {
  copySelected(tools);
  deleteSelected(tools);
}

/** Puts nodes from a text where the pointer is. False when the text is no part of a workflow. */
export function pasteText(tools: CanvasTools, text: string): boolean {
  const fragment = read(text);
  if (!fragment) return false;
  const { document, ui } = tools.canvas();
  // What was copied here goes beside itself, so that pasting twice gives two copies that can be seen.
  const at =
    text === lastCopied() ? undefined : tools.flow.screenToFlowPosition(tools.pointer() ?? centerOf(tools));
  const ids = paste(document, fragment, at);
  selectItems(document.workflow, ids);
  ui.setState({ announcement: ids.length === 1 ? "Pasted." : `${ids.length} items pasted.` });
  return true;
}

export function selectAll(tools: CanvasTools): void {
  const { nodes, notes } = tools.canvas().document.workflow;
  select({ nodes: nodes.keys(), notes: notes.keys() });
}

/** Moves what is selected; the steps of a key held down are undone together. */
export function moveSelected(tools: CanvasTools, by: Point): void {
  const { document } = tools.canvas();
  const { nodes, notes } = document.workflow;
  const places = selectedIds().flatMap((id): [string, Point][] => {
    const place = nodes.get(id)?.layout ?? notes.get(id);
    return place ? [[id, { x: place.x + by.x, y: place.y + by.y }]] : [];
  });
  moveItems(document, "Move", new Map(places), { merge: "move by keyboard" });
}

/** Lays out the selection, or everything when less than two nodes are selected. */
export async function tidyNodes(tools: CanvasTools): Promise<void> {
  const { document, catalog, ui } = tools.canvas();
  const { nodes } = useSelection.getState();
  const ids = nodes.size > 1 ? nodes : new Set(document.workflow.nodes.keys());
  const places = await tidy(tidyRequest(document.workflow, catalog, tools.store.boxes(ids)));
  arrange(document, places);
  // All of it is somewhere else now; a selection has stayed about where it was.
  if (nodes.size <= 1) requestAnimationFrame(() => showBoxes(tools, tools.store.boxes()));
  ui.setState({ announcement: "Tidied up." });
}
