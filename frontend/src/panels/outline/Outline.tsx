/** The outline: the whole graph as a tree, complete for those who do not see the canvas. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { ListTree } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { goToNode } from "@/panels/choosing";
import styles from "@/panels/outline/Outline.module.css";
import { OutlineItem } from "@/panels/outline/OutlineItem";
import { type OutlineRow, outlineRows } from "@/panels/outline/outline_rows";
import { useTreeKeys } from "@/panels/outline/use_tree_keys";
import { PanelFrame } from "@/panels/PanelFrame";
import { useCatalog } from "@/state/catalog";
import { useSelection } from "@/state/selection";
import { useWorkflow } from "@/state/session";
import { EmptyState } from "@/ui/EmptyState";

const ROW_HEIGHT = 28;

export function Outline({ onClose }: { onClose: () => void }) {
  const workflow = useWorkflow();
  const { catalog } = useCatalog();
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => outlineRows(workflow, catalog, unfolded), [workflow, catalog, unfolded]);
  const unfold = (node: string, open: boolean) => setUnfolded((now) => changed(now, node, open));
  return (
    <PanelFrame title="Outline" onClose={onClose}>
      {rows.length === 0 ? (
        <EmptyState icon={<ListTree size={20} />} title="No nodes yet">
          The nodes of this workflow show here in the order in which they run.
        </EmptyState>
      ) : (
        <Tree rows={rows} unfold={unfold} />
      )}
    </PanelFrame>
  );
}

function changed(set: ReadonlySet<string>, item: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(item);
  else next.delete(item);
  return next;
}

interface TreeProps {
  readonly rows: readonly OutlineRow[];
  readonly unfold: (node: string, unfolded: boolean) => void;
}

function Tree({ rows, unfold }: TreeProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const selected = useSelection(({ nodes }) => nodes);
  const choose = (row: OutlineRow) => goToNode(row.node);
  const { active, setActive, onKeyDown } = useTreeKeys({ rows, unfold, choose });
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  useEffect(() => list.scrollToIndex(active), [list, active]);
  return (
    <div
      ref={box}
      className={styles.tree}
      role="tree"
      aria-label="Nodes and their connections"
      aria-activedescendant={`${id}-${active}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="none" className={styles.rows} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return row ? (
            <OutlineItem
              key={row.key}
              id={`${id}-${index}`}
              row={row}
              active={index === active}
              selected={row.level === 1 && selected.has(row.node)}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              onChoose={() => {
                setActive(index);
                choose(row);
              }}
              onFold={() => unfold(row.node, !row.expanded)}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}
