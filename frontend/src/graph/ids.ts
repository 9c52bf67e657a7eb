/** Ids of new nodes and notes: readable, so that files and their differences read well. */

import { functionNameOf } from "@/graph/catalog";
import type { Workflow, WorkflowNode } from "@/graph/workflow";

const NUMBERED = /^(.+)_(\d{1,9})$/;
const KIND_NAMES: Readonly<Record<string, string>> = {
  functionNode: "function",
  variableNode: "variable",
  listNode: "list",
  viewNode: "view",
};

/** Gives ids `<name>_<n>` that neither the workflow nor an earlier call has used. */
export function idMaker(workflow: Workflow): (name: string) => string {
  const highest = new Map<string, number>();
  const ids = [...workflow.nodes.keys(), ...workflow.notes.keys()];
  for (const id of ids) {
    const [, name = "", number = ""] = NUMBERED.exec(id) ?? [];
    highest.set(name, Math.max(highest.get(name) ?? 0, Number(number)));
  }
  return (name) => {
    const readable = readableName(name);
    // Above the highest, not in a gap: results of a run would else turn up at a node that took over an id.
    const number = (highest.get(readable) ?? 0) + 1;
    highest.set(readable, number);
    return `${readable}_${number}`;
  };
}

/** What a node's id begins with. */
export function nameForId(node: Pick<WorkflowNode, "type" | "data">): string {
  const asNode = { id: "", layout: { x: 0, y: 0 }, extra: {}, ...node };
  return functionNameOf(asNode) ?? KIND_NAMES[node.type] ?? (node.type || "node");
}

function readableName(name: string): string {
  const cleaned = name.replace(/[^\p{L}\p{N}_]+/gu, "_").replace(/^_+|_+$/g, "");
  return cleaned.slice(0, 60) || "node";
}
