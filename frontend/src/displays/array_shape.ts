/** Arrays of numbers: their shape, and two of their dimensions to look at. */

import { isNonFinite } from "@/displays/table_shape";
import { isObject, type Json } from "@/graph/workflow";

export interface NumberArray {
  readonly shape: readonly number[];
  /** Empty when it is not known. */
  readonly dtype: string;
  /** What there is of the values: nested lists. */
  readonly values: Json;
  readonly facts: readonly (readonly [string, string])[];
  /** Of a video the first frame as a data URL. */
  readonly picture?: string;
}

const MOST_CHECKED = 2000;

/** Nested lists of numbers that are as regular as an array, of two dimensions or more. */
export function asArray(value: Json): NumberArray | undefined {
  const shape = shapeOf(value);
  if (shape.length < 2 || shape.includes(0)) return undefined;
  return isRegular(value, shape) ? { shape, dtype: "", values: value, facts: [] } : undefined;
}

function shapeOf(value: Json): number[] {
  const shape: number[] = [];
  for (let part: Json | undefined = value; Array.isArray(part); part = part[0]) shape.push(part.length);
  return shape;
}

/** Looks at the first rows of each dimension only: a large one is not read twice. */
function isRegular(value: Json, [length, ...rest]: readonly number[]): boolean {
  if (length === undefined) return typeof value === "number" || isNonFinite(value);
  if (!Array.isArray(value) || value.length !== length) return false;
  return value.slice(0, MOST_CHECKED).every((part) => isRegular(part, rest));
}

/** The array that a preview's head describes. */
export function arrayOfHead(head: Json): NumberArray | undefined {
  if (!isObject(head) || !Array.isArray(head.shape)) return undefined;
  const { shape, dtype, corner, min, max, mean, sampled, picture } = head;
  const about = sampled === true ? "about " : "";
  const facts = Object.entries({ min, max, mean }).flatMap(([name, number]) =>
    number === undefined ? [] : [[name, `${about}${shortNumber(number)}`] as const],
  );
  return {
    shape: shape.map(Number),
    dtype: typeof dtype === "string" ? dtype : "",
    values: corner ?? null,
    facts,
    ...(typeof picture === "string" && picture.startsWith("data:image/") && { picture }),
  };
}

export interface Grid {
  readonly rows: readonly (readonly Json[])[];
  readonly least: number;
  readonly greatest: number;
}

/** The last two dimensions, the first of all others. */
export function gridOf(values: Json): Grid {
  let part: Json = values;
  while (Array.isArray(part) && Array.isArray(part[0]) && Array.isArray(part[0][0])) part = part[0];
  const list = Array.isArray(part) ? part : [part];
  const rows = Array.isArray(list[0]) ? list.filter(Array.isArray) : [list];
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const cell of rows.flat()) {
    const number = numberOf(cell);
    if (number === undefined) continue;
    least = Math.min(least, number);
    greatest = Math.max(greatest, number);
  }
  return { rows, least, greatest };
}

function numberOf(cell: Json): number | undefined {
  if (typeof cell === "boolean") return Number(cell);
  return typeof cell === "number" ? cell : undefined;
}

/** Where a cell lies between the least and the greatest: 0 to 1. */
export function levelOf(cell: Json, { least, greatest }: Grid): number | undefined {
  const number = numberOf(cell);
  if (number === undefined) return undefined;
  return greatest > least ? (number - least) / (greatest - least) : 0.5;
}

/** A number in at most six digits. */
export function shortNumber(value: Json): string {
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  return Number.isInteger(value) && Math.abs(value) < 1e6
    ? String(value)
    : String(Number(value.toPrecision(6)));
}
