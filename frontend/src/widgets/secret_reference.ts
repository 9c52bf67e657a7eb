/** A secret as a workflow has it: its name only. */

import { isObject, type Json } from "@/graph/workflow";

const KEY = "$secret";

export function isReference(value: Json | undefined): boolean {
  return secretName(value) !== undefined;
}

/** The name that a value refers to, if it is a reference. */
export function secretName(value: Json | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const name = value[KEY];
  return typeof name === "string" && Object.keys(value).length === 1 ? name : undefined;
}

export function referenceTo(name: string): Json {
  return { [KEY]: name };
}
