/** A value of any type: what is typed is read as JSON or as text, and says which. */

import { useState } from "react";
import { classes } from "@/ui/class_names";
import styles from "@/widgets/AnyWidget.module.css";
import { anyText, fallenBack, kindOfValue, mustBeMarked, readAny } from "@/widgets/any_text";
import { useDraft } from "@/widgets/draft";
import { fieldAttributes, STILL } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";
import areas from "@/widgets/TextWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

const MOST_ROWS = 6;

export function AnyWidget(props: WidgetProps) {
  const { id, value, unset, invalid, compact, disabled, onChange } = props;
  const [chosen, setChosen] = useState(false);
  const asText = chosen || mustBeMarked(value);
  const { text, change, events } = useDraft({
    value,
    unset,
    onChange,
    shown: anyText(value),
    read: (typed) => ({ ok: true, value: readAny(typed, asText) }),
  });
  const toggle = () => {
    setChosen(!asText);
    onChange(readAny(text, !asText));
  };
  const attributes = fieldAttributes(props, invalid);
  const note = fallenBack(text, asText);
  return (
    <div>
      <div className={styles.frame} data-compact={compact || undefined}>
        <textarea
          {...attributes}
          {...events}
          className={classes(
            attributes.className,
            "nowheel",
            areas.area,
            typeof value !== "string" && areas.long,
          )}
          rows={Math.min(text.split("\n", MOST_ROWS).length, MOST_ROWS)}
          value={text}
          placeholder={props.placeholder ?? "Text or JSON"}
          spellCheck={false}
          onChange={(event) => change(event.target.value)}
        />
        <ReadAs id={id} value={value} isMarked={asText} disabled={disabled ?? false} onClick={toggle} />
      </div>
      {note && <p className={styles.note}>{note}</p>}
      <Problem id={id} text={invalid} />
    </div>
  );
}

interface ReadAsProps {
  readonly id: string;
  readonly value: WidgetProps["value"];
  readonly isMarked: boolean;
  readonly disabled: boolean;
  onClick(): void;
}

/** What the value is taken for; a press makes it text, or lets it be read again. */
function ReadAs({ id, value, isMarked, disabled, onClick }: ReadAsProps) {
  const kind = kindOfValue(value);
  const canChange = !disabled && (isMarked || (value !== undefined && typeof value !== "string"));
  const words = isMarked ? "Read it as JSON if it is that" : "Read it as text";
  return (
    <button
      type="button"
      className={`${styles.reading} ${STILL}`}
      aria-controls={id}
      aria-label={canChange ? `Read as ${kind.toLowerCase()}. ${words}` : `Read as ${kind.toLowerCase()}`}
      title={canChange ? words : undefined}
      disabled={!canChange}
      onClick={onClick}
    >
      {kind}
    </button>
  );
}
