/** One thing that can be added: dragged onto the canvas, or pressed. */

import { createElement, type DragEvent } from "react";
import { iconOf } from "@/editor/icons";
import { addAtCenter, DRAG_TYPE, dragData } from "@/panels/library/adding";
import styles from "@/panels/library/LibraryRow.module.css";
import type { LibraryItem } from "@/panels/library/library_items";
import { Badge } from "@/ui/Badge";

export interface LibraryRowProps {
  readonly item: LibraryItem;
  /** Names the pack too: among what a search finds nothing else does. */
  readonly withPack?: boolean;
  readonly onDescribe: (item: LibraryItem | null, beside: HTMLElement) => void;
}

export function LibraryRow({ item, withPack = false, onDescribe }: LibraryRowProps) {
  const schema = item.type === "functionNode" ? item.schema : undefined;
  const startDrag = (event: DragEvent<HTMLElement>) => {
    event.dataTransfer.setData(DRAG_TYPE, dragData(item));
    event.dataTransfer.effectAllowed = "copy";
    onDescribe(null, event.currentTarget);
  };
  return (
    <button
      type="button"
      className={styles.row}
      data-library-row
      data-kind={item.type}
      draggable
      onDragStart={startDrag}
      onClick={() => addAtCenter(item)}
      onPointerEnter={(event) => onDescribe(item, event.currentTarget)}
      onPointerLeave={(event) => onDescribe(null, event.currentTarget)}
      onFocus={(event) => onDescribe(item, event.currentTarget)}
      onBlur={(event) => onDescribe(null, event.currentTarget)}
    >
      {createElement(iconOf(item.type, undefined, schema), { size: 15, className: styles.icon })}
      <span className={styles.name}>{item.title}</span>
      {withPack && schema && <span className={styles.pack}>{schema.nodepack}</span>}
      <StyleBadge item={item} />
    </button>
  );
}

function StyleBadge({ item }: { item: LibraryItem }) {
  if (item.type !== "functionNode" || item.schema.style === "function") return null;
  if (item.schema.style === "pipeline")
    return <Badge title="A model or filter that is loaded once">pipeline</Badge>;
  return item.schema.style === "progress" ? (
    <Badge tone="progress" title="Tells how far it is while it runs">
      progress
    </Badge>
  ) : (
    <Badge tone="stream" title="Sends its text while it runs">
      stream
    </Badge>
  );
}
