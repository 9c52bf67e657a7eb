/** Text of any length: the field grows with it. */

import { classes } from "@/ui/class_names";
import { fieldAttributes } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";
import styles from "@/widgets/TextWidget.module.css";
import { useText } from "@/widgets/text_draft";
import type { WidgetProps } from "@/widgets/widget_props";

const LONG = 160;
const MOST_ROWS = { compact: 6, comfortable: 12 };

export function TextWidget(props: WidgetProps) {
  const { text, problem, change, events } = useText(props);
  const attributes = fieldAttributes(props, problem);
  const isLong = text.length > LONG || text.includes("\n");
  const most = props.compact ? MOST_ROWS.compact : MOST_ROWS.comfortable;
  return (
    <div>
      <textarea
        {...attributes}
        {...events}
        className={classes(attributes.className, "nowheel", styles.area, isLong && styles.long)}
        rows={Math.min(text.split("\n", most).length, most)}
        value={text}
        placeholder={props.placeholder}
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
      <Problem id={props.id} text={problem} />
    </div>
  );
}
