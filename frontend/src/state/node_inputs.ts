/** What went into a node: its own values as set, and over them what its edges brought from other nodes. Pure. */

import { edgesInto } from "@/graph/adjacency";
import { ARGUMENTS, RESERVED, storedValue } from "@/graph/values";
import { isObject, type Json, type Workflow, type WorkflowNode } from "@/graph/workflow";
import type { RunState } from "@/state/run_state";

/** Handles that stand for the whole value of a node. */
const WHOLE = new Set(["", "result", "output"]);

/** By input handle. An input whose value has not come, or is cut off in a preview, is left out. */
export function inputsOf(
  workflow: Workflow,
  nodes: RunState["nodes"],
  id: string,
): ReadonlyMap<string, Json> {
  const node = workflow.nodes.get(id);
  const inputs = new Map<string, Json>();
  if (!node) return inputs;
  for (const name of parameterNames(node)) {
    const value = storedValue(node, name);
    if (value !== undefined) inputs.set(name, value);
  }
  for (const { source, sourceHandle, targetHandle } of edgesInto(workflow.edges, id)) {
    const value = atHandle(nodes.get(source)?.output, sourceHandle ?? "");
    if (value !== undefined) inputs.set(targetHandle ?? "input", value);
  }
  return inputs;
}

function parameterNames(node: WorkflowNode): readonly string[] {
  if (node.type !== "functionNode") return [];
  const nested = node.data[ARGUMENTS];
  const own = Object.keys(node.data).filter((name) => !RESERVED.has(name));
  return isObject(nested) ? [...own, ...Object.keys(nested)] : own;
}

function atHandle(output: Json | undefined, handle: string): Json | undefined {
  if (WHOLE.has(handle) || !isObject(output)) return output;
  const fields = "$preview" in output ? output.head : output;
  return isObject(fields) && Object.hasOwn(fields, handle) ? fields[handle] : undefined;
}
