/** The rows of a list whose end is followed. */

import type { Range } from "@tanstack/react-virtual";

/** Rows over the upper edge: a turn of the wheel is how the end is left. */
const SPARE = 2;

/** As many as there is room for, drawn before the list has been scrolled there, and none that it only passes by. */
export function lastRows({ startIndex, endIndex, count }: Range): number[] {
  const length = Math.min(count, endIndex - startIndex + 1 + SPARE);
  return Array.from({ length }, (_, index) => count - length + index);
}
