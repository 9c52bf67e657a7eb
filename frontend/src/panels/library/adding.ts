/** Putting an item of the library onto the canvas, by dragging it or at once. */

import { addFunction, addNode, addNote } from "@/document/commands";
import type { WorkflowDocument } from "@/document/document";
import { boxesOf, USUAL_SIZE } from "@/graph/boxes";
import { clearPlace } from "@/graph/clear_place";
import type { Point } from "@/graph/workflow";
import type { LibraryItem } from "@/panels/library/library_items";
import { canvasView } from "@/state/canvas_view";
import { select } from "@/state/selection";
import { activeDocument, newTab } from "@/state/session";

/** The type of the data of a dragged item; the canvas takes it. */
export const DRAG_TYPE = "application/psynapse-node";

const MOST_RECENT = 20;
let recentRefs: readonly string[] = [];

/** The functions that were added lately, the latest first. */
export function recent(): readonly string[] {
  return recentRefs;
}

export function dragData(item: LibraryItem): string {
  const { type } = item;
  return JSON.stringify(item.type === "functionNode" ? { type, ref: item.schema.ref } : { type });
}

/** Adds a node in the middle of what is seen, selects it and returns its id. */
export function addAtCenter(item: LibraryItem): string {
  if (!activeDocument()) newTab();
  const document = activeDocument();
  if (!document) return "";
  const id = addItem(document, item, placeFor(document));
  select(item.type === "note" ? { notes: [id] } : [id]);
  canvasView()?.reveal([id]);
  return id;
}

function placeFor(document: WorkflowDocument): Point {
  const { x, y } = canvasView()?.center() ?? { x: 0, y: 0 };
  const corner = { x: x - USUAL_SIZE.width / 2, y: y - USUAL_SIZE.height / 2 };
  return clearPlace(boxesOf(document.workflow), corner);
}

function addItem(document: WorkflowDocument, item: LibraryItem, at: Point): string {
  if (item.type === "note") return addNote(document, at);
  if (item.type !== "functionNode") return addNode(document, { type: item.type, layout: at });
  const { ref } = item.schema;
  recentRefs = [ref, ...recentRefs.filter((one) => one !== ref)].slice(0, MOST_RECENT);
  return addFunction(document, item.schema, at);
}
