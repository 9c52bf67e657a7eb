/** A list: each item by its own widget, added, removed and reordered with keys or pointer. */

import { useRef, useState } from "react";
import type { Json } from "@/graph/workflow";
import { AddButton } from "@/widgets/AddButton";
import { counted } from "@/widgets/counting";
import { focusSoon } from "@/widgets/focusing";
import { ListRow } from "@/widgets/ListRow";
import styles from "@/widgets/ListWidget.module.css";
import { moved, useRowIds } from "@/widgets/row_ids";
import { StructureFrame } from "@/widgets/StructureFrame";
import { within } from "@/widgets/schema_reading";
import { startingValue } from "@/widgets/starting_value";
import type { WidgetProps } from "@/widgets/widget_props";

const AT_ONCE = 50;

export function ListWidget(props: WidgetProps) {
  const { id, label, value, schema, compact } = props;
  const items = Array.isArray(value) ? value : [];
  const itemSchema = within(schema, schema.items);
  const [most, setMost] = useState(AT_ONCE);
  const area = useRef<HTMLDivElement>(null);
  const { ids, announcement, add, replace, remove, move } = useItems(props, items, area);
  const isFull = typeof schema.maxItems === "number" && items.length >= schema.maxItems;
  const misfit = value === undefined || Array.isArray(value) ? undefined : "This is not a list yet";
  return (
    <StructureFrame widget={props} summary={counted(items.length, "item")} misfit={misfit}>
      <div ref={area}>
        <ol className={styles.list}>
          {items.slice(0, most).map((item, index) => (
            <ListRow
              key={ids[index]}
              id={`${id}-${ids[index]}`}
              name={`${label}, item ${index + 1}`}
              index={index}
              count={items.length}
              value={item}
              schema={itemSchema}
              compact={compact ?? false}
              disabled={props.disabled ?? false}
              onChange={(next) => replace(index, next ?? null)}
              onRemove={() => remove(index)}
              onMove={(to) => move(index, to)}
            />
          ))}
        </ol>
        <div className={styles.buttons}>
          {items.length > most && (
            <AddButton
              label={`Show more items of ${label}`}
              text={`Show ${Math.min(AT_ONCE, items.length - most)} more`}
              compact={compact}
              onClick={() => setMost(most + AT_ONCE)}
            />
          )}
          <AddButton
            label={`Add an item to ${label}`}
            text={isFull ? "No more can be added" : "Add"}
            compact={compact}
            disabled={isFull || (props.disabled ?? false)}
            onClick={() => {
              setMost(Math.max(most, items.length + 1));
              add(startingValue(itemSchema));
            }}
          />
        </div>
        <span className="visually-hidden" aria-live="polite">
          {announcement}
        </span>
      </div>
    </StructureFrame>
  );
}

/** The changes of a list, each followed by the focus. */
function useItems(props: WidgetProps, items: readonly Json[], area: React.RefObject<HTMLDivElement | null>) {
  const rows = useRowIds(items.length);
  const [announcement, setAnnouncement] = useState("");
  const { onChange } = props;
  const focusRow = (index: number) =>
    focusSoon(area, index < 0 ? "[data-add]:last-child" : `[data-row="${index}"] [data-value]`);
  return {
    ids: rows.ids,
    announcement,
    add: (item: Json) => {
      onChange([...items, item]);
      focusRow(items.length);
    },
    replace: (index: number, item: Json) => onChange(items.with(index, item)),
    remove: (index: number) => {
      rows.remove(index);
      onChange(items.toSpliced(index, 1));
      setAnnouncement(`Item ${index + 1} removed`);
      focusRow(Math.min(index, items.length - 2));
    },
    move: (from: number, to: number) => {
      if (to < 0 || to >= items.length) return;
      const focused = document.activeElement;
      rows.move(from, to);
      onChange(moved(items, from, to));
      setAnnouncement(`Moved to position ${to + 1} of ${items.length}`);
      // Moving an element about the page takes the focus from it.
      requestAnimationFrame(() => focused instanceof HTMLElement && focused.focus());
    },
  };
}
