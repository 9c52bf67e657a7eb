/** A value as JSON text. A fault is named with its line, and the last good value stays. */

import { useRef } from "react";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { classes } from "@/ui/class_names";
import { jsonText } from "@/widgets/any_text";
import { type Reading, useDraft } from "@/widgets/draft";
import { fieldAttributes, STILL } from "@/widgets/field_attributes";
import styles from "@/widgets/JsonWidget.module.css";
import { jsonFault } from "@/widgets/json_reader";
import { Problem } from "@/widgets/Problem";
import areas from "@/widgets/TextWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

const MOST_ROWS = { compact: 6, comfortable: 14 };

export function JsonWidget(props: WidgetProps) {
  const { id, value, unset, schema, invalid, compact, onChange } = props;
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = value === undefined ? "" : jsonText(value);
  const read = (text: string) => readJson(text, schema);
  const { text, problem, change, events } = useDraft({ value, unset, shown, read, onChange });
  const attributes = fieldAttributes(props, problem ?? invalid);
  const fault = problem ? jsonFault(text) : null;
  const most = compact ? MOST_ROWS.compact : MOST_ROWS.comfortable;
  const goToFault = () => {
    area.current?.focus();
    area.current?.setSelectionRange(fault?.offset ?? 0, (fault?.offset ?? 0) + 1);
  };
  return (
    <div>
      <textarea
        {...attributes}
        {...events}
        ref={area}
        className={classes(attributes.className, "nowheel", areas.area, styles.area)}
        rows={Math.min(text.split("\n", most).length, most)}
        value={text}
        placeholder={props.placeholder ?? "JSON"}
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
      <div className={styles.fault}>
        <Problem id={id} text={problem ?? invalid} />
        {fault && (
          <button type="button" className={STILL} onClick={goToFault}>
            Show where
          </button>
        )}
      </div>
    </div>
  );
}

function readJson(text: string, schema: JsonObject): Reading {
  if (text.trim() === "") return { ok: true, value: undefined };
  const fault = jsonFault(text);
  if (fault) return { ok: false, problem: `Line ${fault.line}, column ${fault.column}: ${fault.message}` };
  const value = JSON.parse(text) as Json;
  if (schema.type === "array" && !Array.isArray(value)) {
    return { ok: false, problem: "Use a list: [ … ]" };
  }
  return schema.type === "object" && !isObject(value)
    ? { ok: false, problem: "Use an object: { … }" }
    : { ok: true, value };
}
