/** A value as the rows of a tree: only what is open is walked. */

import { asForeign, asPreview, markWords } from "@/displays/preview_object";
import { isObject, type Json } from "@/graph/workflow";

export type Path = readonly (string | number)[];

export interface TreeRow {
  /** The path as text: unique in the tree. */
  readonly id: string;
  readonly path: Path;
  /** From 1. */
  readonly level: number;
  readonly value: Json;
  /** Of what it contains; 0 for leaves. */
  readonly count: number;
  readonly isOpen: boolean;
  /** How many siblings after this row are not shown. */
  readonly hidden: number;
}

/** Of one list or object; what comes after is in the download. */
export const MOST_CHILDREN = 10_000;

/** The rows of a value. `isOpen` decides for each row that contains something. */
export function treeRows(value: Json, isOpen: (path: Path, count: number) => boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  const visit = (part: Json, path: Path, hidden: number) => {
    const count = childCount(part);
    // The whole needs no row: it is what is shown. Only an empty one has nothing else to show.
    const isWhole = path.length === 0 && count > 0;
    const open = isWhole || (count > 0 && isOpen(path, count));
    const level = Math.max(path.length, 1);
    if (!isWhole) rows.push({ id: pathText(path), path, level, value: part, count, isOpen: open, hidden });
    if (!open) return;
    const children = childrenOf(part);
    children.forEach(([key, child], index) => {
      visit(child, [...path, key], index === children.length - 1 ? count - children.length : 0);
    });
  };
  visit(value, [], 0);
  return rows;
}

/** What stands for a value that is not here has only what came of it to open. */
function opened(value: Json): Json {
  const preview = asPreview(value);
  if (preview) return preview.kind === "list" || preview.kind === "object" ? preview.head : null;
  return asForeign(value) || markWords(value) ? null : value;
}

export function childCount(value: Json): number {
  const part = opened(value);
  if (Array.isArray(part)) return part.length;
  return isObject(part) ? Object.keys(part).length : 0;
}

function childrenOf(value: Json): readonly (readonly [string | number, Json])[] {
  const part = opened(value);
  if (Array.isArray(part)) return part.slice(0, MOST_CHILDREN).map((item, index) => [index, item]);
  return isObject(part) ? Object.entries(part).slice(0, MOST_CHILDREN) : [];
}

/** The path as Python has it: `["a"][0]`. */
export function pathText(path: Path): string {
  return path.map((key) => `[${JSON.stringify(key)}]`).join("");
}

/** What a closed row says about what it contains. */
export function summaryOf(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? "[ ]" : `[ ${value.length.toLocaleString("en")} ]`;
  if (!isObject(value)) return "";
  const keys = Object.keys(value);
  if (keys.length === 0) return "{ }";
  const shown = keys.slice(0, 3).join(", ");
  return `{ ${shown}${keys.length > 3 ? `, … ${keys.length.toLocaleString("en")}` : ""} }`;
}
