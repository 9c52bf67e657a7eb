/** Moving, resizing and arranging nodes and notes. */

import type { EditOptions, WorkflowDocument } from "@/document/document";
import { type Alignment, type Axis, align, distribute } from "@/graph/arranging";
import type { Box } from "@/graph/boxes";
import type { Point } from "@/graph/workflow";

type Positions = ReadonlyMap<string, Point>;

/** Moves nodes. Steps with the same `merge` key, such as those of an arrow key held down, are undone together. */
export function moveNodes(document: WorkflowDocument, positions: Positions, options: EditOptions = {}): void {
  moveItems(document, "Move", positions, options);
}

/** Lays nodes out anew. */
export function arrange(document: WorkflowDocument, positions: Positions): void {
  moveItems(document, "Tidy up", positions);
}

/** `boxes` are the nodes and notes as large as they are drawn. */
export function alignNodes(document: WorkflowDocument, boxes: readonly Box[], how: Alignment): void {
  moveItems(document, "Align", align(boxes, how));
}

export function distributeNodes(document: WorkflowDocument, boxes: readonly Box[], axis: Axis): void {
  moveItems(document, "Distribute", distribute(boxes, axis));
}

/** Moves nodes and notes by their ids. */
export function moveItems(
  document: WorkflowDocument,
  label: string,
  positions: Positions,
  options: EditOptions = {},
): void {
  const { nodes, notes } = document.workflow;
  const moved = [...positions].filter(([id, point]) =>
    differs(nodes.get(id)?.layout ?? notes.get(id), point),
  );
  if (moved.length === 0) return;
  document.edit(
    label,
    (draft) => {
      for (const [id, { x, y }] of moved) {
        const note = notes.get(id);
        if (nodes.has(id)) draft.setLayout(id, { x, y });
        else if (note) draft.putNote({ ...note, x, y });
      }
    },
    options,
  );
}

function differs(place: Point | undefined, { x, y }: Point): boolean {
  return place !== undefined && (place.x !== x || place.y !== y);
}

/** Resizes a node; one resized from its left or top moves as well. A size left out is the natural one again. */
export function resizeNode(
  document: WorkflowDocument,
  id: string,
  size: { readonly width?: number | undefined; readonly height?: number | undefined },
  place?: Point,
): void {
  if (!document.workflow.nodes.has(id)) return;
  const { width, height } = size;
  document.edit("Resize", (draft) =>
    draft.setLayout(id, { width, height, ...(place && { x: place.x, y: place.y }) }),
  );
}
