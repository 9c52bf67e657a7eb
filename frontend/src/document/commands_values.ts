/** Setting what a node holds and how it looks. */

import type { WorkflowDocument } from "@/document/document";
import { placed, storedValue } from "@/graph/values";
import { isObject, type Json } from "@/graph/workflow";

/** Sets a parameter or setting. The keystrokes of one field are one step. */
export function setValue(document: WorkflowDocument, id: string, name: string, value: Json): void {
  put(document, id, name, value, `Set ${name}`);
}

/** Goes back to Python's default. */
export function clearValue(document: WorkflowDocument, id: string, name: string): void {
  put(document, id, name, undefined, `Reset ${name}`);
}

function put(
  document: WorkflowDocument,
  id: string,
  name: string,
  value: Json | undefined,
  label: string,
): void {
  const node = document.workflow.nodes.get(id);
  if (!node || isSame(storedValue(node, name), value)) return;
  const [key, whole] = placed(node, name, value);
  document.edit(label, (draft) => draft.setValue(id, key, whole), { merge: `${id}.${name}` });
}

/** Makes a variable one of another type, with a value that fits it. */
export function changeVariableType(
  document: WorkflowDocument,
  id: string,
  type: string,
  value: Json | undefined,
): void {
  const node = document.workflow.nodes.get(id);
  if (!node || node.data.variableType === type) return;
  document.edit("Change type", (draft) => {
    draft.setValue(id, "variableType", type);
    draft.setValue(id, "variableValue", value);
  });
}

/** Gives a node a title of its own; an empty one takes it away again. */
export function rename(document: WorkflowDocument, id: string, label: string): void {
  const node = document.workflow.nodes.get(id);
  const wanted = label.trim() || undefined;
  if (!node || node.data.label === wanted) return;
  document.edit("Rename", (draft) => draft.setValue(id, "label", wanted));
}

export interface Appearance {
  readonly color?: string | undefined;
  readonly icon?: string | undefined;
}

/** Changes how nodes look; `undefined` gives back the usual look, what is left out stays. */
export function setAppearance(document: WorkflowDocument, ids: Iterable<string>, change: Appearance): void {
  document.edit("Change appearance", (draft) => {
    for (const id of known(document, ids)) draft.setLayout(id, change);
  });
}

/** Shows only the headers of nodes, or all of them again. */
export function collapse(document: WorkflowDocument, ids: Iterable<string>, collapsed: boolean): void {
  const { nodes } = document.workflow;
  const changing = known(document, ids).filter(
    (id) => (nodes.get(id)?.layout.collapsed ?? false) !== collapsed,
  );
  document.edit(collapsed ? "Collapse" : "Expand", (draft) => {
    for (const id of changing) draft.setLayout(id, { collapsed: collapsed || undefined });
  });
}

/** Describes the workflow as a whole. */
export function setDescription(document: WorkflowDocument, description: string): void {
  const { description: before, ...rest } = document.workflow.extra;
  if ((before ?? "") === description) return;
  const extra = description === "" ? rest : { ...document.workflow.extra, description };
  document.edit("Describe", (draft) => draft.setExtra(extra), { merge: "description" });
}

function known(document: WorkflowDocument, ids: Iterable<string>): string[] {
  return [...ids].filter((id) => document.workflow.nodes.has(id));
}

/** Whether two values are the same JSON. */
function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
