/** True or false. */

import { fieldAttributes, STILL } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";
import styles from "@/widgets/SwitchWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

export function SwitchWidget(props: WidgetProps) {
  const { value, invalid, compact, onChange } = props;
  const isOther = value !== undefined && value !== null && typeof value !== "boolean";
  const problem = isOther
    ? `${JSON.stringify(value)} is stored here, which is neither true nor false`
    : invalid;
  const { className: _, ...attributes } = fieldAttributes(props, problem);
  return (
    <div>
      <span className={`${styles.switch} ${STILL}`} data-compact={compact || undefined}>
        <input
          {...attributes}
          type="checkbox"
          role="switch"
          aria-checked={value === true}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span className={styles.track} aria-hidden>
          <span className={styles.thumb} />
        </span>
        <span aria-hidden>{value === true ? "True" : "False"}</span>
      </span>
      <Problem id={props.id} text={problem} />
    </div>
  );
}
