/** A number between two bounds: a slider, and a box for the exact one. */

import { STILL } from "@/widgets/field_attributes";
import { NumberWidget } from "@/widgets/NumberWidget";
import { rulesOf, sliderStep } from "@/widgets/number_text";
import styles from "@/widgets/SliderWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

export function SliderWidget(props: WidgetProps) {
  const { value, schema, label, disabled, compact, onChange } = props;
  const rules = rulesOf(schema);
  return (
    <div className={styles.row}>
      <input
        type="range"
        className={`${styles.slider} ${STILL}`}
        data-compact={compact || undefined}
        aria-label={`${label}, slider`}
        min={rules.minimum}
        max={rules.maximum}
        step={sliderStep(rules)}
        value={typeof value === "number" ? value : rules.minimum}
        disabled={disabled}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <NumberWidget {...props} noSteps />
    </div>
  );
}
