/** Around widgets of lists and objects: how much there is, closed in a node until wanted, and the way to the JSON. */

import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { classes } from "@/ui/class_names";
import { STILL } from "@/widgets/field_attributes";
import { JsonWidget } from "@/widgets/JsonWidget";
import { Problem } from "@/widgets/Problem";
import styles from "@/widgets/StructureFrame.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

export interface StructureFrameProps {
  readonly widget: WidgetProps;
  /** Such as "3 items". */
  readonly summary: string;
  /** Why the value cannot be shown in this form: it is then edited as JSON. */
  readonly misfit?: string | undefined;
  readonly children: ReactNode;
}

export function StructureFrame({ widget, summary, misfit, children }: StructureFrameProps) {
  const [isOpen, setIsOpen] = useState(!widget.compact);
  const [wantsJson, setWantsJson] = useState(false);
  const asJson = wantsJson || misfit !== undefined;
  return (
    <fieldset
      id={widget.id}
      aria-label={widget.label}
      className={classes(styles.frame, STILL)}
      data-compact={widget.compact || undefined}
      disabled={widget.disabled}
    >
      <div className={styles.header}>
        <Summary widget={widget} text={summary} isOpen={isOpen} onToggle={() => setIsOpen(!isOpen)} />
        {isOpen && misfit === undefined && (
          <button
            type="button"
            className={styles.mode}
            aria-pressed={wantsJson}
            aria-label={`Edit ${widget.label} as JSON`}
            onClick={() => setWantsJson(!wantsJson)}
          >
            {wantsJson ? "Form" : "JSON"}
          </button>
        )}
      </div>
      {isOpen && (
        <div className={classes(styles.body, widget.compact && "nowheel")}>
          {asJson ? (
            <JsonWidget {...widget} id={`${widget.id}-json`} invalid={misfit ?? widget.invalid ?? ""} />
          ) : (
            children
          )}
        </div>
      )}
      {!asJson && <Problem id={widget.id} text={widget.invalid} />}
    </fieldset>
  );
}

interface SummaryProps {
  readonly widget: WidgetProps;
  readonly text: string;
  readonly isOpen: boolean;
  onToggle(): void;
}

/** In the inspector there is room: there it is only words. */
function Summary({ widget, text, isOpen, onToggle }: SummaryProps) {
  const amount = widget.value === undefined && !widget.unset ? "Not set" : text;
  const words = widget.unset ? `${text} (default)` : amount;
  if (!widget.compact) return <span>{words}</span>;
  return (
    <button type="button" className={styles.summary} aria-expanded={isOpen} onClick={onToggle}>
      <ChevronRight size={12} aria-hidden />
      {words}
    </button>
  );
}
