/** Lists and objects as a tree that opens and closes. Only the rows in view are drawn. */

import { type KeyboardEvent, useId, useRef } from "react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { MOST_CHILDREN } from "@/displays/json_tree";
import { totalOf } from "@/displays/preview_object";
import { copyText, textOf } from "@/displays/saving";
import { counted, grouped } from "@/displays/sizes";
import own from "@/displays/TreeDisplay.module.css";
import { TreeLine } from "@/displays/TreeLine";
import { treeStep } from "@/displays/tree_keys";
import { useTree } from "@/displays/tree_state";
import { useVisibleRows } from "@/displays/visible_rows";
import { classes } from "@/ui/class_names";

const ROW = 24;

export function TreeDisplay({ content, preview, size }: ContentProps) {
  const tree = useTree(content, size);
  const { rows, active } = tree;
  const id = useId();
  const scroller = useRef<HTMLDivElement | null>(null);
  const { ref, onScroll, first, end } = useVisibleRows(rows.length, ROW);
  const attach = (element: HTMLDivElement | null) => {
    scroller.current = element;
    return ref(element);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The buttons of a row have keys of their own.
    if (event.target !== event.currentTarget || event.altKey) return;
    const row = rows[active];
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "c" && row) void copyText(textOf(row.value)).catch(() => undefined);
      return;
    }
    const step = treeStep(event.key, rows, active);
    if (!step || !row) return;
    event.preventDefault();
    event.stopPropagation();
    if (step.kind === "toggle") tree.toggle(row);
    else tree.activate(step.to);
    reveal(scroller.current, step.kind === "go" ? step.to : active);
  };
  return (
    <>
      <div
        ref={attach}
        className={classes(styles.scroller, "nowheel nodrag nopan nokey")}
        data-size={size}
        onScroll={onScroll}
      >
        <div
          className={own.tree}
          style={{ height: rows.length * ROW }}
          role="tree"
          aria-label="Value"
          tabIndex={0}
          aria-activedescendant={active < rows.length ? `${id}-${active}` : undefined}
          onKeyDown={onKeyDown}
        >
          {rows.slice(first, end).map((row, offset) => (
            <TreeLine
              key={row.id}
              id={`${id}-${first + offset}`}
              row={row}
              top={(first + offset) * ROW}
              isActive={first + offset === active}
              onActivate={() => tree.activate(first + offset)}
              onToggle={() => tree.toggle(row)}
            />
          ))}
        </div>
      </div>
      <Rest shown={Array.isArray(content) ? content.length : 0} total={preview && totalOf(preview)} />
    </>
  );
}

function Rest({ shown, total }: { readonly shown: number; readonly total: number | undefined }) {
  if (total !== undefined && shown > 0 && shown < total) {
    return <p className={styles.footer}>{`The first ${grouped(shown)} of ${counted(total, "item")}`}</p>;
  }
  if (shown <= MOST_CHILDREN) return null;
  return (
    <p className={styles.footer}>{`The first ${grouped(MOST_CHILDREN)} of ${counted(shown, "item")}`}</p>
  );
}

/** Scrolls as little as needed for a row to be in view. */
function reveal(element: HTMLElement | null, index: number): void {
  if (!element) return;
  const top = index * ROW;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + ROW > element.scrollTop + element.clientHeight)
    element.scrollTop = top + ROW - element.clientHeight;
}
