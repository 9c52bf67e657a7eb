/** Which results are older than the workflow: from the workflow that was run to the present one. Pure. */

import { isSameJson } from "@/document/same_json";
import { downstream, edgesInto } from "@/graph/adjacency";
import type { JsonObject, Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

/** Keys of a node's data that only say how it is shown. */
const APPEARANCE = new Set(["label", "ui"]);

/** The nodes of `now` that a run could give another result than when `ran` was run. */
export function staleNodes(ran: Workflow, now: Workflow): ReadonlySet<string> {
  return ran === now ? new Set() : downstream(now.edges, changedNodes(ran, now));
}

/** True when a run and a check of both come to the same: only places, names and comments may differ. */
export function isSameLogic(one: Workflow, other: Workflow): boolean {
  if (one.nodes === other.nodes && one.edges === other.edges) return true;
  const isSameSize = one.nodes.size === other.nodes.size && one.edges.size === other.edges.size;
  return isSameSize && changedNodes(one, other).length === 0;
}

function changedNodes(before: Workflow, after: Workflow): readonly string[] {
  return [...after.nodes.values()]
    .filter((node) => {
      const known = before.nodes.get(node.id);
      return !known || !isSameNode(known, node) || !hasSameInputs(before, after, node.id);
    })
    .map(({ id }) => id);
}

function isSameNode(before: WorkflowNode, after: WorkflowNode): boolean {
  if (before === after) return true;
  return before.type === after.type && (before.data === after.data || isSameData(before.data, after.data));
}

function isSameData(before: Readonly<JsonObject>, after: Readonly<JsonObject>): boolean {
  const names = new Set(
    [...Object.keys(before), ...Object.keys(after)].filter((name) => !APPEARANCE.has(name)),
  );
  return [...names].every((name) => isSameJson(before[name], after[name]));
}

function hasSameInputs(before: Workflow, after: Workflow, node: string): boolean {
  if (before.edges === after.edges) return true;
  const old = edgesInto(before.edges, node);
  const edges = edgesInto(after.edges, node);
  return old.length === edges.length && old.every((edge, index) => isSameEdge(edge, edges[index]));
}

function isSameEdge(before: WorkflowEdge, after: WorkflowEdge | undefined): boolean {
  return (
    before === after ||
    (before.source === after?.source &&
      before.sourceHandle === after.sourceHandle &&
      before.targetHandle === after.targetHandle)
  );
}
