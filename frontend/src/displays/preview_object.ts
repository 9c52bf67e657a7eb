/** The objects that stand for values which are too large to be sent whole, and for what JSON cannot say. */

import { isObject, type Json } from "@/graph/workflow";

export interface Preview {
  /** text, list, object, table, array, image, bytes, figure or other. */
  readonly kind: string;
  /** Such as "DataFrame 1,000 x 5". */
  readonly summary: string;
  /** In bytes; of some kinds an estimate. */
  readonly size: number;
  /** What fits of the value. */
  readonly head: Json;
  /** Where the whole value is; empty when it is nowhere. */
  readonly href: string;
}

export function asPreview(value: Json): Preview | undefined {
  if (!isObject(value) || typeof value.$preview !== "string") return undefined;
  const { $preview: kind, summary, size, head, href } = value;
  return {
    kind,
    summary: typeof summary === "string" ? summary : kind,
    size: typeof size === "number" ? size : 0,
    head: head ?? null,
    href: typeof href === "string" ? href : "",
  };
}

/** How many rows, items or characters the whole value has: its summary says so. */
export function totalOf(preview: Preview): number | undefined {
  const found = /\b(?:of|DataFrame) ([\d,]+)/.exec(preview.summary)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(",", ""));
}

const MARKS: readonly (readonly [string, string])[] = [
  ["$cycle", "refers back to what it is part of"],
  ["$deep", "is nested too deeply to be shown"],
  ["$truncated", "was too long and is left out"],
];

/** Words for a mark that stands where a value could not be written. */
export function markWords(value: Json): string | undefined {
  if (!isObject(value)) return undefined;
  return MARKS.find(([key]) => value[key] === true)?.[1];
}

export interface ForeignObject {
  /** `package.Class`. */
  readonly type: string;
  readonly repr: string;
  /** How it wants to be shown, by MIME type. */
  readonly mime: Readonly<Record<string, Json>>;
}

/** An object of a class that has no JSON of its own. */
export function asForeign(value: Json): ForeignObject | undefined {
  if (!isObject(value) || typeof value.$type !== "string") return undefined;
  const { $type: type, $repr: repr, $mime: mime } = value;
  return { type, repr: typeof repr === "string" ? repr : type, mime: isObject(mime) ? mime : {} };
}
