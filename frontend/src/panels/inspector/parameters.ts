/** What can be set on a node, as rows of a form. */

import { edgesInto } from "@/graph/adjacency";
import { type Catalog, type Param, titleOf } from "@/graph/catalog";
import { inputAt, type Ports, portsOf } from "@/graph/ports";
import { storedValue } from "@/graph/values";
import type { Json, JsonObject, Workflow, WorkflowNode } from "@/graph/workflow";

export interface ParameterRow {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly schema: JsonObject;
  readonly param?: Param;
  readonly required: boolean;
  readonly value: Json | undefined;
  /** Where the value comes from when an edge brings it. */
  readonly from?: { readonly node: string; readonly title: string };
}

const VARIABLE_SCHEMAS: Readonly<Record<string, JsonObject>> = {
  String: { type: "string", format: "multiline" },
  Number: { type: "number" },
  Boolean: { type: "boolean" },
  List: { type: "array" },
  Object: { type: "object" },
  Image: { type: "string", format: "image" },
};

export function parameterRows(workflow: Workflow, catalog: Catalog, node: WorkflowNode): ParameterRow[] {
  if (node.type === "variableNode") return [variableRow(node)];
  const ports = portsOf(node, catalog, workflow.edges);
  const sources = sourcesOf(workflow, catalog, node, ports);
  return ports.inputs.map(({ id, label, type, required, param }) => {
    const from = sources.get(id);
    return {
      name: id,
      label,
      type,
      schema: param?.json_schema ?? {},
      ...(param ? { param } : {}),
      required,
      value: storedValue(node, id),
      ...(from ? { from } : {}),
    };
  });
}

function variableRow(node: WorkflowNode): ParameterRow {
  const kind = typeof node.data.variableType === "string" ? node.data.variableType : "String";
  return {
    name: "variableValue",
    label: "Value",
    type: kind,
    schema: VARIABLE_SCHEMAS[kind] ?? {},
    required: true,
    value: node.data.variableValue,
  };
}

function sourcesOf(workflow: Workflow, catalog: Catalog, node: WorkflowNode, ports: Ports) {
  const sources = new Map<string, { node: string; title: string }>();
  for (const { source, targetHandle } of edgesInto(workflow.edges, node.id)) {
    const port = inputAt(node, ports, targetHandle);
    const from = workflow.nodes.get(source);
    if (port && from) sources.set(port.id, { node: source, title: titleOf(catalog, from) });
  }
  return sources;
}
