/** The value that something new begins with: an item that is added to a list, a parameter that is no longer none. */

import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { alternativesOf, optionsOf, resolved, within } from "@/widgets/schema_reading";

/** Objects within objects are begun this deep; a schema may contain itself. */
const DEEPEST = 4;

export function startingValue(schema: JsonObject, depth = 0): Json {
  const own = resolved(schema);
  if (own.default !== undefined) return own.default;
  const { schemas, nullable } = alternativesOf(own);
  const chosen = (nullable ? schemas.flatMap((one) => optionsOf(one) ?? []) : optionsOf(own))?.[0];
  if (chosen !== undefined) return chosen;
  const [first = own] = schemas;
  return byType(first, depth);
}

function byType(schema: JsonObject, depth: number): Json {
  switch (schema.type) {
    case "boolean":
      return false;
    case "integer":
    case "number":
      return startingNumber(schema);
    case "array":
      return [];
    case "object":
      return depth < DEEPEST ? startingObject(schema, depth) : {};
    default:
      return startingText(schema.format);
  }
}

function startingNumber(schema: JsonObject): number {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (typeof minimum === "number" && minimum > 0) return minimum;
  if (typeof maximum === "number" && maximum < 0) return maximum;
  if (typeof exclusiveMinimum === "number" && exclusiveMinimum >= 0) return Math.floor(exclusiveMinimum) + 1;
  return 0;
}

function startingObject(schema: JsonObject, depth: number): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const needed = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return Object.fromEntries(
    needed.map((name) => [name, startingValue(within(schema, properties[name]), depth + 1)]),
  );
}

function startingText(format: Json | undefined): string {
  const now = new Date();
  const day = `${now.getFullYear()}-${padded(now.getMonth() + 1)}-${padded(now.getDate())}`;
  if (format === "date") return day;
  if (format === "date-time") return `${day}T${padded(now.getHours())}:${padded(now.getMinutes())}:00`;
  return format === "time" ? "12:00:00" : "";
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}
