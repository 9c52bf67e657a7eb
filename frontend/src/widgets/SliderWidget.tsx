/** A number between two bounds: a slider, and a box for the exact one. */

import type { CSSProperties } from "react";
import type { Json } from "@/graph/workflow";
import { STILL } from "@/widgets/field_attributes";
import { NumberWidget } from "@/widgets/NumberWidget";
import { type NumberRules, rulesOf, sliderStep } from "@/widgets/number_text";
import styles from "@/widgets/SliderWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

type Filling = CSSProperties & { "--filled": string };

/** How much of the track lies before the thumb. */
function filling(value: Json | undefined, { minimum = 0, maximum = 1 }: NumberRules): Filling {
  const share = typeof value === "number" ? (value - minimum) / (maximum - minimum) : 0;
  return { "--filled": `${Math.min(1, Math.max(0, share)) * 100}%` };
}

export function SliderWidget(props: WidgetProps) {
  const { value, schema, label, disabled, compact, onChange } = props;
  const rules = rulesOf(schema);
  return (
    <div className={styles.row}>
      <input
        type="range"
        className={`${styles.slider} ${STILL}`}
        style={filling(value, rules)}
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
