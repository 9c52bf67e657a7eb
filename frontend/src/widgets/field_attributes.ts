/** What the elements that values are typed into have in common. */

import styles from "@/widgets/field.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

/** React Flow must neither drag the node nor pan when somebody works in a field. */
export const STILL = "nodrag nopan";

type Flag = true | undefined;

export interface FieldAttributes {
  readonly id: string;
  readonly "aria-label": string;
  readonly "aria-invalid": Flag;
  readonly "aria-describedby": string | undefined;
  readonly "data-compact": Flag;
  readonly "data-unset": Flag;
  readonly disabled: boolean;
  readonly className: string;
}

/** The attributes of a widget's one field. A problem that is given has to be shown with `<Problem>`. */
export function fieldAttributes(props: WidgetProps, problem?: string): FieldAttributes {
  return {
    id: props.id,
    "aria-label": props.label,
    "aria-invalid": flag(problem),
    "aria-describedby": problem ? problemId(props.id) : undefined,
    "data-compact": flag(props.compact),
    "data-unset": flag(props.unset),
    disabled: props.disabled ?? false,
    className: `${styles.field} ${STILL}`,
  };
}

export function problemId(id: string): string {
  return `${id}-problem`;
}

function flag(condition: unknown): Flag {
  return condition ? true : undefined;
}
