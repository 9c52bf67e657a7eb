/** Nodes that are about to be added. */

import type { Schema } from "@/graph/catalog";
import { idMaker, nameForId } from "@/graph/ids";
import { placed } from "@/graph/values";
import type { JsonObject, Layout, Workflow, WorkflowNode } from "@/graph/workflow";

export interface NewNode {
  readonly type: string;
  readonly data?: Readonly<JsonObject>;
  readonly layout: Layout;
}

/** A node with an id that is new in the workflow. */
export function newNode(workflow: Workflow, { type, data = {}, layout }: NewNode): WorkflowNode {
  const id = idMaker(workflow)(nameForId({ type, data }));
  return { id, type, data, layout, extra: {} };
}

/** What a new node of a function holds: defaults stay Python's, but an option has to be chosen. */
export function dataFor(schema: Schema): JsonObject {
  const data: JsonObject = { ref: schema.ref, functionName: schema.name };
  for (const { name, required, literal_values: [first] = [] } of schema.params) {
    if (!required || first === undefined) continue;
    const [key, value] = placed({ type: "functionNode", data }, name, first);
    if (value !== undefined) data[key] = value;
  }
  return data;
}
