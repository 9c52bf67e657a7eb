/** A row of the outline: a node, or one of its connections. */

import { ChevronRight, CornerDownRight, Eye, FunctionSquare, List, Variable } from "lucide-react";
import type { CSSProperties } from "react";
import styles from "@/panels/outline/OutlineItem.module.css";
import type { OutlineRow } from "@/panels/outline/outline_rows";
import { StatusIcon } from "@/panels/status/StatusIcon";
import { useNodeRun } from "@/state/runs";

const ICONS: Readonly<Record<string, typeof Eye>> = {
  functionNode: FunctionSquare,
  variableNode: Variable,
  listNode: List,
  viewNode: Eye,
};

export interface OutlineItemProps {
  readonly id: string;
  readonly row: OutlineRow;
  readonly active: boolean;
  readonly selected: boolean;
  readonly style: CSSProperties;
  readonly onChoose: () => void;
  readonly onFold: () => void;
}

export function OutlineItem({ id, row, active, selected, style, onChoose, onFold }: OutlineItemProps) {
  const Icon = row.level === 1 ? (ICONS[row.type] ?? FunctionSquare) : CornerDownRight;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the active row
    <div
      id={id}
      role="treeitem"
      className={styles.row}
      style={style}
      data-active={active || undefined}
      data-level={row.level}
      data-kind={row.type}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.size}
      aria-expanded={row.expanded}
      aria-selected={selected}
      onClick={onChoose}
    >
      {row.level === 1 && <Arrow row={row} onFold={onFold} />}
      <Icon size={14} className={styles.icon} aria-hidden />
      <span className={styles.text}>{row.text}</span>
      {row.level === 1 && <NodeState node={row.node} />}
    </div>
  );
}

function Arrow({ row, onFold }: Pick<OutlineItemProps, "row" | "onFold">) {
  if (row.expanded === undefined) return <span className={styles.arrow} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer only; the arrow keys fold too
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <span
      className={styles.arrow}
      onClick={(event) => {
        event.stopPropagation();
        onFold();
      }}
    >
      <ChevronRight size={14} data-unfolded={row.expanded || undefined} aria-hidden />
    </span>
  );
}

function NodeState({ node }: { node: string }) {
  const run = useNodeRun(node);
  return run ? <StatusIcon run={run} /> : null;
}
