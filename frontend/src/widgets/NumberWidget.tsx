/** A number box. It is a text field, so that nothing typed disappears and no wheel changes it. */

import { Minus, Plus } from "lucide-react";
import { classes } from "@/ui/class_names";
import { fieldAttributes } from "@/widgets/field_attributes";
import styles from "@/widgets/NumberWidget.module.css";
import { useNumber } from "@/widgets/number_draft";
import { Problem } from "@/widgets/Problem";
import type { WidgetProps } from "@/widgets/widget_props";

export interface NumberWidgetProps extends WidgetProps {
  /** Beside a slider there is no need of steps. */
  readonly noSteps?: boolean;
}

export function NumberWidget({ noSteps, ...props }: NumberWidgetProps) {
  const { text, problem, change, events, rules, number, step } = useNumber(props);
  const attributes = fieldAttributes(props, problem);
  const hasSteps = !props.compact && !props.disabled && !noSteps;
  return (
    <div>
      <div className={styles.box} data-steps={hasSteps || undefined}>
        <input
          {...attributes}
          {...events}
          className={classes(attributes.className, styles.number)}
          type="text"
          role="spinbutton"
          inputMode={rules.integer ? "numeric" : "decimal"}
          aria-valuenow={number}
          aria-valuemin={rules.minimum}
          aria-valuemax={rules.maximum}
          autoComplete="off"
          value={text}
          placeholder={props.placeholder}
          onChange={(event) => change(event.target.value)}
        />
        {hasSteps && <Steps step={step} />}
      </div>
      <Problem id={props.id} text={problem} />
    </div>
  );
}

/** For pointers only: on the keyboard the arrow keys do the same. */
function Steps({ step }: { readonly step: (count: number) => void }) {
  return (
    <span className={styles.steps} aria-hidden>
      <button type="button" tabIndex={-1} onClick={() => step(-1)}>
        <Minus size={14} />
      </button>
      <button type="button" tabIndex={-1} onClick={() => step(1)}>
        <Plus size={14} />
      </button>
    </span>
  );
}
