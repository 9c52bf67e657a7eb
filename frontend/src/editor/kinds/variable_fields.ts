/** What a variable can be, and the fields that each type of it has. */

import { isObject, type Json, type JsonObject, type WorkflowNode } from "@/graph/workflow";

export const VARIABLE_TYPES = ["String", "Number", "Boolean", "List", "Object", "Image"] as const;
export type VariableType = (typeof VARIABLE_TYPES)[number];

export const TYPE_LABELS: Readonly<Record<VariableType, string>> = {
  String: "Text",
  Number: "Number",
  Boolean: "Yes or no",
  List: "List",
  Object: "Object",
  Image: "Image",
};

export const ROLES = ["user", "assistant", "system", "tool"] as const;

const SCHEMAS: Readonly<Record<VariableType, JsonObject>> = {
  String: { type: "string" },
  Number: { type: "number" },
  Boolean: { type: "boolean" },
  List: { type: "array" },
  Object: { type: "object" },
  Image: { type: "string", contentMediaType: "image/*" },
};

export function variableTypeOf({ data: { variableType } }: WorkflowNode): VariableType {
  return VARIABLE_TYPES.find((type) => type === variableType) ?? "String";
}

/** The JSON schema of the value, from which its widget follows. */
export function valueSchema(type: VariableType): JsonObject {
  return SCHEMAS[type];
}

/** The ways in which the value can be wrapped, of which the first one that is set counts. */
export function formatsOf(type: VariableType): readonly { readonly name: string; readonly label: string }[] {
  const message = { name: "llmMessageFormat", label: "Chat message" };
  if (type === "String") return [message, { name: "textContentFormat", label: "Text content" }];
  return type === "Image" ? [message] : [];
}

/** The value that a variable of another type begins with: what it was, where that makes sense. */
export function converted(value: Json | undefined, to: VariableType): Json | undefined {
  const isImage = typeof value === "string" && value.startsWith("data:image/");
  switch (to) {
    case "String":
      return value === undefined || isImage ? "" : typeof value === "string" ? value : JSON.stringify(value);
    case "Number":
      return asNumber(value);
    case "Boolean":
      return value === true || value === "true";
    case "List":
      return Array.isArray(value) ? value : [];
    case "Object":
      return isObject(value) ? value : {};
    case "Image":
      return isImage ? value : undefined;
  }
}

function asNumber(value: Json | undefined): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}
