/** Bringing an open workflow to what another text of it has, as one step that can be undone. */

import type { WorkflowDocument } from "@/document/document";
import type { Draft } from "@/document/draft";
import { isSameJson } from "@/document/same_json";
import type { Note, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

type ById<Item> = ReadonlyMap<string, Item>;

/** Makes the document equal to `next`. What is equal already stays the same object, so that little is drawn anew. */
export function reload(document: WorkflowDocument, next: Workflow, label: string): void {
  const { workflow } = document;
  document.edit(label, (draft) => {
    const removed = reloadNodes(draft, workflow.nodes, next.nodes);
    // Edges went with their nodes.
    const left = [...workflow.edges].filter(
      ([, { source, target }]) => !removed.has(source) && !removed.has(target),
    );
    reloadEdges(draft, new Map(left), next.edges);
    reloadNotes(draft, workflow.notes, next.notes);
    if (!isSameJson(workflow.extra, next.extra)) draft.setExtra(next.extra);
  });
}

/** Returns the nodes that were taken out, perhaps to be put back in another order. */
function reloadNodes(
  draft: Draft,
  before: ById<WorkflowNode>,
  after: ById<WorkflowNode>,
): ReadonlySet<string> {
  const removed = new Set(toRemove(before, after));
  draft.removeNodes(removed);
  for (const node of after.values()) {
    if (removed.has(node.id) || !isSameJson(before.get(node.id), node)) draft.putNode(node);
  }
  return removed;
}

function reloadEdges(draft: Draft, before: ById<WorkflowEdge>, after: ById<WorkflowEdge>): void {
  const removed = new Set(toRemove(before, after));
  for (const id of removed) draft.removeEdge(id);
  for (const edge of after.values()) {
    if (removed.has(edge.id) || !isSameJson(before.get(edge.id), edge)) draft.putEdge(edge);
  }
}

function reloadNotes(draft: Draft, before: ById<Note>, after: ById<Note>): void {
  for (const id of missing(before, after)) draft.removeNote(id);
  for (const note of after.values()) if (!isSameJson(before.get(note.id), note)) draft.putNote(note);
}

/** What is not there any more; everything when the order differs, as new items can only be put at the end. */
function toRemove(before: ById<unknown>, after: ById<unknown>): string[] {
  const staying = [...before.keys()].filter((id) => after.has(id));
  const first = [...after.keys()].slice(0, staying.length);
  return staying.every((id, index) => id === first[index]) ? missing(before, after) : [...before.keys()];
}

function missing(before: ById<unknown>, after: ById<unknown>): string[] {
  return [...before.keys()].filter((id) => !after.has(id));
}
