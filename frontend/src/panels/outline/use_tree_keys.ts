/** The keys of a tree: up, down, home, end; right unfolds, left folds or goes to the parent; enter chooses. */

import { type KeyboardEvent, useState } from "react";
import type { OutlineRow } from "@/panels/outline/outline_rows";

export interface TreeActions {
  readonly rows: readonly OutlineRow[];
  readonly unfold: (node: string, unfolded: boolean) => void;
  readonly choose: (row: OutlineRow) => void;
}

export function useTreeKeys({ rows, unfold, choose }: TreeActions) {
  const [wanted, setActive] = useState(0);
  const active = Math.max(0, Math.min(wanted, rows.length - 1));
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!row) return;
    const next = nextRow(event.key, rows, active);
    if (next !== null) setActive(next);
    else if (event.key === "ArrowRight" && row.expanded === false) unfold(row.node, true);
    else if (event.key === "ArrowLeft" && row.expanded) unfold(row.node, false);
    else if (event.key === "Enter" || event.key === " ") choose(row);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { active, setActive, onKeyDown };
}

function nextRow(key: string, rows: readonly OutlineRow[], active: number): number | null {
  const row = rows[active];
  switch (key) {
    case "ArrowDown":
      return Math.min(active + 1, rows.length - 1);
    case "ArrowUp":
      return Math.max(active - 1, 0);
    case "Home":
      return 0;
    case "End":
      return rows.length - 1;
    case "ArrowRight":
      return row?.expanded ? active + 1 : null;
    case "ArrowLeft":
      return row?.level === 2 ? parentOf(rows, active) : null;
    default:
      return null;
  }
}

function parentOf(rows: readonly OutlineRow[], index: number): number {
  let at = index;
  while (at > 0 && rows[at]?.level !== 1) at -= 1;
  return at;
}
