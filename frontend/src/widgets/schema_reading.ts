/** What the JSON schema of a parameter says: references followed, alternatives listed, constraints put in words. */

import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { sameJson } from "@/widgets/json_equality";

/** A schema of references to references ends somewhere, unless somebody made a circle. */
const MOST_REFERENCES = 20;

/** The schema itself: references followed and lone alternatives unpacked. It keeps the definitions it may refer to. */
export function resolved(schema: JsonObject): JsonObject {
  let found = schema;
  for (let step = 0; step < MOST_REFERENCES; step++) {
    const next = unpacked(found);
    if (next === undefined) return found;
    found = next;
  }
  return {};
}

/** A part of a schema, which can then stand alone. */
export function within(schema: JsonObject, part: Json | undefined): JsonObject {
  const own = isObject(part) ? part : {};
  return resolved(isObject(schema.$defs) ? { ...own, $defs: schema.$defs } : own);
}

function unpacked(schema: JsonObject): JsonObject | undefined {
  const { $ref, ...rest } = schema;
  if (typeof $ref === "string") return { ...referred(schema, $ref), ...rest };
  for (const key of ["allOf", "anyOf", "oneOf"] as const) {
    const { [key]: parts, ...others } = schema;
    if (Array.isArray(parts) && parts.length === 1 && isObject(parts[0])) return { ...parts[0], ...others };
  }
  return undefined;
}

function referred(schema: JsonObject, reference: string): JsonObject {
  const name = decodeURIComponent(reference.replace(/^#\/\$defs\//, ""))
    .replaceAll("~1", "/")
    .replaceAll("~0", "~");
  const found = isObject(schema.$defs) ? schema.$defs[name] : undefined;
  return isObject(found) ? found : {};
}

export interface Alternatives {
  /** Without null. One schema is one alternative. */
  readonly schemas: readonly JsonObject[];
  readonly nullable: boolean;
}

/** What a value can be. */
export function alternativesOf(schema: JsonObject): Alternatives {
  const own = resolved(schema);
  const all = listed(own);
  const schemas = all.filter(({ type }) => type !== "null");
  return { schemas, nullable: schemas.length < all.length };
}

function listed(schema: JsonObject): readonly JsonObject[] {
  const parts = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(parts)) return parts.map((part) => within(schema, part));
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }));
  return [schema];
}

/** The values to choose from, if that is all there is to it; null among them when that is allowed. */
export function optionsOf(schema: JsonObject): readonly Json[] | undefined {
  const { schemas, nullable } = alternativesOf(schema);
  const each = schemas.map((one) => fixedValues(one) ?? (nullable ? switchValues(one) : undefined));
  if (each.some((values) => values === undefined)) return undefined;
  const values = each.flatMap((some) => some ?? []);
  return nullable ? [null, ...values.filter((value) => value !== null)] : values;
}

function fixedValues(schema: JsonObject): readonly Json[] | undefined {
  if (Object.hasOwn(schema, "const")) return [schema.const ?? null];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function switchValues(schema: JsonObject): readonly Json[] | undefined {
  return schema.type === "boolean" ? [true, false] : undefined;
}

/** A secret's value never comes into the editor: such a parameter takes a reference. */
export function isSecret(schema: JsonObject): boolean {
  return schema.format === "password" || schema.writeOnly === true;
}

/** Whether a value could be meant by a schema, as far as its outside tells. */
export function matches(schema: JsonObject, value: Json): boolean {
  const own = resolved(schema);
  const fixed = fixedValues(own);
  if (fixed) return fixed.some((one) => sameJson(one, value));
  const { schemas, nullable } = alternativesOf(own);
  if (schemas.length > 1 || nullable)
    return (nullable && value === null) || schemas.some((one) => matches(one, value));
  if (typeof own.type === "string" && own.type !== typeOf(value)) {
    return own.type === "number" && typeof value === "number";
  }
  const needed = Array.isArray(own.required) ? own.required : [];
  return !isObject(value) || needed.every((name) => Object.hasOwn(value, String(name)));
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "Text",
  integer: "Whole number",
  number: "Number",
  boolean: "True or false",
  array: "List",
  object: "Object",
  null: "None",
};

/** What a schema is called when there are several to choose from. */
export function schemaName(schema: JsonObject): string {
  const own = resolved(schema);
  const fixed = fixedValues(own);
  if (fixed?.length === 1) return optionLabel(fixed[0] ?? null);
  if (typeof own.title === "string") return own.title;
  return TYPE_NAMES[String(own.type)] ?? "Anything";
}

/** How one of several values is written in a list of them. */
export function optionLabel(value: Json): string {
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === "") return "(empty text)";
  return typeof value === "string" ? value : JSON.stringify(value);
}
