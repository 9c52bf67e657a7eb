/** Parts of a workflow as text for the clipboard, so that they can be pasted into another tab, browser or file. */

import { dumpWorkflow, parseWorkflow, UnreadableFile } from "@/graph/file";
import { isObject, type JsonObject, type Workflow } from "@/graph/workflow";

const VERSION = 1;

/** Nodes and notes as text, with the edges among the nodes. */
export function copy(workflow: Workflow, ids: Iterable<string>): string {
  const { nodes, edges, layout, notes } = dumpWorkflow(partOf(workflow, ids));
  const text: JsonObject = {
    psynapse: VERSION,
    nodes: nodes ?? [],
    edges: edges ?? [],
    layout: layout ?? {},
  };
  return JSON.stringify(notes === undefined ? text : { ...text, notes }, null, 2);
}

/** Some nodes and notes of a workflow, with the edges among the nodes. */
export function partOf(workflow: Workflow, ids: Iterable<string>): Workflow {
  const wanted = new Set(ids);
  return {
    nodes: new Map([...workflow.nodes].filter(([id]) => wanted.has(id))),
    edges: new Map(
      [...workflow.edges].filter(([, edge]) => wanted.has(edge.source) && wanted.has(edge.target)),
    ),
    notes: new Map([...workflow.notes].filter(([id]) => wanted.has(id))),
    extra: {},
  };
}

/** Reads what was copied here, or a whole workflow file of any version; null when the text is neither. */
export function paste(text: string): Workflow | null {
  const file = parsed(text);
  if (!isObject(file)) return null;
  try {
    const workflow = parseWorkflow(file);
    const whole = partOf(workflow, [...workflow.nodes.keys(), ...workflow.notes.keys()]);
    return whole.nodes.size + whole.notes.size > 0 ? whole : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

function parsed(text: string): unknown {
  // Most of what people paste is no JSON at all; a look at the first letter saves parsing it.
  if (!text.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
