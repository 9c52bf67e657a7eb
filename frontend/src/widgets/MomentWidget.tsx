/** A date, a time, or both, with the browser's own field. What that cannot show is edited as text. */

import { type KeyboardEvent, useRef } from "react";
import type { Json } from "@/graph/workflow";
import { fieldAttributes } from "@/widgets/field_attributes";
import { LineWidget } from "@/widgets/LineWidget";
import styles from "@/widgets/MomentWidget.module.css";
import { kindOfMoment, readMoment, writeMoment } from "@/widgets/moment_text";
import { Problem } from "@/widgets/Problem";
import type { WidgetProps } from "@/widgets/widget_props";

const EXAMPLES = { date: "2026-02-28", time: "12:30:00", "datetime-local": "2026-02-28T12:30:00" };

export function MomentWidget(props: WidgetProps) {
  const { id, value, unset, invalid, onChange } = props;
  const before = useRef<{ value: Json | undefined } | null>(null);
  const kind = kindOfMoment(props.schema.format);
  const moment =
    value === undefined || value === null ? { local: "", zone: "" } : readMoment(String(value), kind);
  if (!moment) {
    return <LineWidget {...props} schema={{}} invalid={invalid ?? `Write it like ${EXAMPLES[kind]}`} />;
  }
  const change = (element: HTMLInputElement) => {
    // Half a date reads as nothing at all; that must not delete the whole one.
    if (element.value === "" && element.validity.badInput) return;
    onChange(element.value === "" ? undefined : writeMoment(element.value, kind, moment.zone));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const start = before.current;
    if (event.key !== "Escape" || !start || start.value === (unset ? undefined : value)) return;
    event.stopPropagation();
    onChange(start.value);
  };
  return (
    <div className={styles.frame}>
      <div className={styles.row}>
        <input
          {...fieldAttributes(props, invalid)}
          type={kind}
          step={kind === "date" ? undefined : 1}
          value={moment.local}
          onFocus={() => {
            before.current = { value: unset ? undefined : value };
          }}
          onKeyDown={onKeyDown}
          onChange={(event) => change(event.target)}
        />
        {moment.zone && (
          <span className={styles.zone}>{moment.zone === "Z" ? "UTC" : `UTC${moment.zone}`}</span>
        )}
      </div>
      <Problem id={id} text={invalid} />
    </div>
  );
}
