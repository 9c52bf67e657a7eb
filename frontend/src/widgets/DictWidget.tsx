/** A dictionary: rows of a key and a value. */

import { useRef } from "react";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { AddButton } from "@/widgets/AddButton";
import { counted } from "@/widgets/counting";
import { DictRow } from "@/widgets/DictRow";
import styles from "@/widgets/DictWidget.module.css";
import { focusSoon } from "@/widgets/focusing";
import { useRowIds } from "@/widgets/row_ids";
import { StructureFrame } from "@/widgets/StructureFrame";
import { within } from "@/widgets/schema_reading";
import { startingValue } from "@/widgets/starting_value";
import type { WidgetProps } from "@/widgets/widget_props";

export function DictWidget(props: WidgetProps) {
  const { id, label, value, schema, compact, disabled = false } = props;
  const entries = Object.entries(isObject(value) ? value : {});
  const itemSchema = within(schema, schema.additionalProperties);
  const area = useRef<HTMLDivElement>(null);
  const rows = useRowIds(entries.length);
  const change = (next: readonly (readonly [string, Json])[]) => props.onChange(fromRows(next));
  const add = () => {
    change([...entries, [freeKey(isObject(value) ? value : {}), startingValue(itemSchema)]]);
    focusSoon(area, `[data-row="${entries.length}"]`);
  };
  const remove = (index: number) => {
    rows.remove(index);
    change(entries.toSpliced(index, 1));
    focusSoon(
      area,
      entries.length > 1 ? `[data-row="${Math.min(index, entries.length - 2)}"]` : "[data-add]",
    );
  };
  const misfit = value === undefined || isObject(value) ? undefined : "This is not an object yet";
  return (
    <StructureFrame widget={props} summary={counted(entries.length, "entry", "entries")} misfit={misfit}>
      <div ref={area}>
        <ul className={styles.rows}>
          {entries.map(([key, item], index) => (
            <DictRow
              key={rows.ids[index]}
              id={`${id}-${rows.ids[index]}`}
              label={label}
              index={index}
              name={key}
              others={entries.map(([other]) => other).filter((other) => other !== key)}
              value={item}
              schema={itemSchema}
              compact={compact ?? false}
              disabled={disabled}
              onRename={(next) => change(entries.with(index, [next, item]))}
              onChange={(next) => change(entries.with(index, [key, next ?? null]))}
              onRemove={() => remove(index)}
            />
          ))}
        </ul>
        <AddButton
          label={`Add an entry to ${label}`}
          text="Add"
          compact={compact}
          disabled={disabled}
          onClick={add}
        />
      </div>
    </StructureFrame>
  );
}

function fromRows(rows: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(rows);
}

function freeKey(taken: JsonObject): string {
  let key = "key";
  for (let number = 2; Object.hasOwn(taken, key); number++) key = `key ${number}`;
  return key;
}
