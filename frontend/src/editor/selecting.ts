/** What is selected after React Flow reports a click or a box. */

import type { EdgeChange, NodeChange } from "@xyflow/react";
import { noteId } from "@/editor/canvas_nodes";
import type { Selection } from "@/editor/surroundings";

const NOTE_PREFIX = noteId("");

export function selectionAfter(
  before: Selection,
  changes: readonly (NodeChange | EdgeChange)[],
  what: "nodes" | "edges",
): Selection {
  const selects = changes.flatMap((change) => (change.type === "select" ? [change] : []));
  if (selects.length === 0) return before;
  const after = { nodes: new Set(before.nodes), edges: new Set(before.edges), notes: new Set(before.notes) };
  for (const { id, selected } of selects) {
    const isNote = what === "nodes" && id.startsWith(NOTE_PREFIX);
    const set = isNote ? after.notes : after[what];
    const own = isNote ? id.slice(NOTE_PREFIX.length) : id;
    if (selected) set.add(own);
    else set.delete(own);
  }
  return after;
}
