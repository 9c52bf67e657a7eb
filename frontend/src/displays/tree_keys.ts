/** What the keys do in a tree, as people know it from other trees. */

import type { TreeRow } from "@/displays/json_tree";

export type TreeStep = { readonly kind: "go"; readonly to: number } | { readonly kind: "toggle" };

/** The step for a key at a row; nothing for keys that belong to others. */
export function treeStep(key: string, rows: readonly TreeRow[], active: number): TreeStep | undefined {
  const row = rows[active];
  if (!row) return undefined;
  switch (key) {
    case "ArrowDown":
      return { kind: "go", to: Math.min(active + 1, rows.length - 1) };
    case "ArrowUp":
      return { kind: "go", to: Math.max(active - 1, 0) };
    case "Home":
      return { kind: "go", to: 0 };
    case "End":
      return { kind: "go", to: rows.length - 1 };
    case "ArrowRight":
      return inward(row, active);
    case "ArrowLeft":
      return row.isOpen ? { kind: "toggle" } : { kind: "go", to: parentOf(rows, active) };
    case "Enter":
    case " ":
      return row.count > 0 ? { kind: "toggle" } : { kind: "go", to: active };
    default:
      return undefined;
  }
}

function inward(row: TreeRow, active: number): TreeStep {
  if (row.count === 0) return { kind: "go", to: active };
  return row.isOpen ? { kind: "go", to: active + 1 } : { kind: "toggle" };
}

function parentOf(rows: readonly TreeRow[], active: number): number {
  const level = rows[active]?.level ?? 1;
  const above = rows.slice(0, active).findLastIndex((row) => row.level < level);
  return Math.max(0, above);
}
