/** Which rows of a tree are open, and which one the keys work on. */

import { useMemo, useState } from "react";
import type { DisplaySize } from "@/displays/display_props";
import { type Path, pathText, type TreeRow, treeRows } from "@/displays/json_tree";
import type { Json } from "@/graph/workflow";

export interface TreeState {
  readonly rows: readonly TreeRow[];
  readonly active: number;
  activate(index: number): void;
  toggle(row: TreeRow): void;
}

/** What is inside the whole is open at first if it is not much. */
const FEW = 8;

export function useTree(value: Json, size: DisplaySize): TreeState {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [active, setActive] = useState(0);
  const rows = useMemo(() => {
    const startsOpen = (path: Path, count: number) => size !== "node" && path.length === 1 && count <= FEW;
    return treeRows(value, (path, count) => toggled.get(pathText(path)) ?? startsOpen(path, count));
  }, [value, toggled, size]);
  return {
    rows,
    active: Math.min(active, rows.length - 1),
    activate: setActive,
    toggle: (row) => row.count > 0 && setToggled(new Map(toggled).set(row.id, !row.isOpen)),
  };
}
