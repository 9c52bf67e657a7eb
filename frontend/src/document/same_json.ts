/** Whether two JSON values are the same; the order of keys does not count, as files sort them. */

import type { Json } from "@/graph/workflow";

type Value = Json | undefined | object;

export function isSameJson(one: Value, other: Value, tolerance = 0): boolean {
  if (one === other) return true;
  if (typeof one === "number" && typeof other === "number") return Math.abs(one - other) <= tolerance;
  if (!isCompound(one) || !isCompound(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const fields = new Map<string, Value>(Object.entries(other));
  const own = Object.entries(one);
  return (
    own.length === fields.size &&
    own.every(([name, value]) => fields.has(name) && isSameJson(value, fields.get(name), tolerance))
  );
}

function isCompound(value: Value): value is object {
  return typeof value === "object" && value !== null;
}
