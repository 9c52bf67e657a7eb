/** Where a function comes from, as far as it is worth telling. */

import type { Schema } from "@/graph/catalog";

/** A nodepack that comes with Psynapse: its name on every node would say nothing. */
export function isShipped({ origin }: Schema): boolean {
  return origin === "shipped";
}
