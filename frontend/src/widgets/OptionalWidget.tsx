/** A value that may also be none: says so, and becomes the widget of the value when one is wanted. */

import { X } from "lucide-react";
import { useRef } from "react";
import type { JsonObject } from "@/graph/workflow";
import { classes } from "@/ui/class_names";
import { IconButton } from "@/ui/IconButton";
import { fieldAttributes, STILL } from "@/widgets/field_attributes";
import { focusSoon } from "@/widgets/focusing";
import styles from "@/widgets/OptionalWidget.module.css";
import { ParamWidget } from "@/widgets/ParamWidget";
import { Problem } from "@/widgets/Problem";
import { alternativesOf } from "@/widgets/schema_reading";
import { startingValue } from "@/widgets/starting_value";
import type { WidgetProps } from "@/widgets/widget_props";

export function OptionalWidget(props: WidgetProps) {
  const { id, label, value, disabled, compact, onChange } = props;
  const inner = withoutNone(props.schema);
  const row = useRef<HTMLDivElement>(null);
  const set = () => {
    onChange(startingValue(inner));
    focusSoon(row);
  };
  const unset = () => {
    onChange(null);
    focusSoon(row);
  };
  const isNone = value === undefined || value === null;
  return (
    <div ref={row} className={styles.row} data-comfortable={compact ? undefined : true}>
      <div className={styles.value}>
        {isNone ? <None {...props} onSet={set} /> : <ParamWidget {...props} schema={inner} unset={false} />}
      </div>
      {!isNone && !disabled && (
        <IconButton
          key={id}
          size="small"
          label={`Set ${label} to none`}
          className={STILL}
          aria-controls={id}
          onClick={unset}
        >
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}

function None({ onSet, ...props }: WidgetProps & { readonly onSet: () => void }) {
  const { "aria-invalid": _, ...attributes } = fieldAttributes(props, props.invalid);
  return (
    <>
      <button
        type="button"
        {...attributes}
        aria-label={`${props.label}: None Set`}
        className={classes(attributes.className, styles.none)}
        onClick={onSet}
      >
        <span className={styles.words}>None</span> <span className={styles.action}>Set</span>
      </button>
      <Problem id={props.id} text={props.invalid} />
    </>
  );
}

function withoutNone(schema: JsonObject): JsonObject {
  const { schemas } = alternativesOf(schema);
  const [first = {}] = schemas;
  if (schemas.length === 1) return first;
  return { anyOf: [...schemas], ...(schema.$defs === undefined ? {} : { $defs: schema.$defs }) };
}
