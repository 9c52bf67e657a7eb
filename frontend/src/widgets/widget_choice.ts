/** Which widget a schema asks for. */

import type { Param } from "@/graph/catalog";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { alternativesOf, isSecret, optionsOf, resolved } from "@/widgets/schema_reading";

export type WidgetName =
  | "any"
  | "choice"
  | "dict"
  | "image"
  | "json"
  | "line"
  | "list"
  | "moment"
  | "number"
  | "object"
  | "optional"
  | "path"
  | "secret"
  | "slider"
  | "switch"
  | "text"
  | "union";

/** A slider with more positions than this cannot be set with a hand. */
const MOST_POSITIONS = 1000;
/** Text up to this length fits on a line. */
const SHORT_TEXT = 80;

export function chooseWidget(schema: JsonObject, param?: Param): WidgetName {
  const name = bySchema(schema);
  return name === "any" && param?.literal_values?.length ? "choice" : name;
}

function bySchema(schema: JsonObject): WidgetName {
  const own = resolved(schema);
  const { schemas, nullable } = alternativesOf(own);
  const [first = {}] = schemas;
  // These two have a way of their own to be empty.
  if (schemas.length === 1 && isSecret(first)) return "secret";
  if (schemas.length === 1 && isImage(first)) return "image";
  if (optionsOf(own)) return "choice";
  if (nullable) return "optional";
  if (schemas.length > 1) return schemas.every(isNumber) ? "number" : "union";
  return byType(first);
}

function byType(schema: JsonObject): WidgetName {
  switch (schema.type) {
    case "boolean":
      return "switch";
    case "integer":
    case "number":
      return hasSlider(schema) ? "slider" : "number";
    case "string":
      return textual(schema);
    case "array":
      return schema.prefixItems ? "json" : "list";
    case "object":
      return isForm(schema) ? "object" : "dict";
    default:
      return untyped(schema);
  }
}

function untyped(schema: JsonObject): WidgetName {
  if (isForm(schema)) return "object";
  if (schema.items) return "list";
  return "any";
}

function isForm({ properties }: JsonObject): boolean {
  return isObject(properties) && Object.keys(properties).length > 0;
}

function isNumber({ type }: JsonObject): boolean {
  return type === "integer" || type === "number";
}

function isImage({ type, format, contentMediaType }: JsonObject): boolean {
  if (type !== "string") return false;
  return (
    format === "image" || (typeof contentMediaType === "string" && contentMediaType.startsWith("image/"))
  );
}

function hasSlider({ type, minimum, maximum, multipleOf }: JsonObject): boolean {
  if (typeof minimum !== "number" || typeof maximum !== "number" || minimum >= maximum) return false;
  const step = typeof multipleOf === "number" ? multipleOf : type === "integer" ? 1 : 0;
  return (maximum - minimum) / (step || 1) <= MOST_POSITIONS;
}

const FORMATS: Readonly<Record<string, WidgetName>> = {
  date: "moment",
  time: "moment",
  "date-time": "moment",
  path: "path",
  "file-path": "path",
  "directory-path": "path",
};

function textual({ format, maxLength, pattern }: JsonObject): WidgetName {
  const known = FORMATS[String(format)];
  if (known) return known;
  return format || pattern || isShort(maxLength) ? "line" : "text";
}

function isShort(maxLength: Json | undefined): boolean {
  return typeof maxLength === "number" && maxLength <= SHORT_TEXT;
}
