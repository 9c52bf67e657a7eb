/** Where a node's data keeps the value of a parameter. */

import { isObject, type Json, type JsonObject, type WorkflowNode } from "@/graph/workflow";

/** Holds the values of parameters whose names are reserved. */
export const ARGUMENTS = "arguments";

/** Keys of a function node's data that are not parameters: the same as on the server. */
export const RESERVED: ReadonlySet<string> = new Set([
  "label",
  "functionName",
  "ref",
  "params",
  "returns",
  "docstring",
  "edges",
  "executionStatus",
  "ui",
  ARGUMENTS,
]);

/** The value that is set for a parameter or setting of a node; `undefined` when none is. */
export function storedValue(node: Pick<WorkflowNode, "type" | "data">, name: string): Json | undefined {
  if (node.type !== "functionNode") return own(node.data, name);
  const nested = own(node.data, ARGUMENTS);
  if (isObject(nested) && Object.hasOwn(nested, name)) return nested[name];
  if (name === ARGUMENTS) return isObject(nested) ? undefined : nested;
  return RESERVED.has(name) ? undefined : own(node.data, name);
}

/** The key of a node's data to change, and its new value, so that a parameter has a value (or none). */
export function placed(
  node: Pick<WorkflowNode, "type" | "data">,
  name: string,
  value: Json | undefined,
): [string, Json | undefined] {
  if (node.type !== "functionNode") return [name, value];
  const nested = own(node.data, ARGUMENTS);
  const isNested = isObject(nested) && Object.hasOwn(nested, name);
  if (!RESERVED.has(name) && !isNested) return [name, value];
  const rest = Object.entries(isObject(nested) ? nested : {}).filter(([other]) => other !== name);
  const all: JsonObject = Object.fromEntries(value === undefined ? rest : [...rest, [name, value]]);
  return [ARGUMENTS, Object.keys(all).length > 0 ? all : undefined];
}

function own(data: Readonly<JsonObject>, name: string): Json | undefined {
  return Object.hasOwn(data, name) ? data[name] : undefined;
}
