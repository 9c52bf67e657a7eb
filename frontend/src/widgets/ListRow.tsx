/** One item of a list, with the buttons that move and remove it. Alt and the arrow keys move it too. */

import { ArrowDown, ArrowUp, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import type { Json, JsonObject } from "@/graph/workflow";
import { IconButton } from "@/ui/IconButton";
import styles from "@/widgets/ListRow.module.css";
import { ParamWidget } from "@/widgets/ParamWidget";

export interface ListRowProps {
  readonly id: string;
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly value: Json;
  readonly schema: JsonObject;
  readonly compact: boolean;
  readonly disabled: boolean;
  onChange(value: Json | undefined): void;
  onRemove(): void;
  onMove(to: number): void;
}

export function ListRow(props: ListRowProps) {
  const { id, name, index, count, value, schema, compact, disabled, onChange, onRemove, onMove } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || disabled || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(event.key === "ArrowUp" ? index - 1 : index + 1);
  };
  return (
    // The keys reach it from the fields inside.
    <li className={styles.row} data-row={index} data-compact={compact || undefined} onKeyDown={onKeyDown}>
      <span className={styles.index} aria-hidden>
        {index + 1}
      </span>
      <div data-value>
        <ParamWidget
          id={id}
          label={name}
          value={value}
          schema={schema}
          compact={compact}
          disabled={disabled}
          onChange={onChange}
        />
      </div>
      {!disabled && (
        <span className={styles.buttons}>
          {!compact && (
            <>
              <IconButton
                size="small"
                label={`Move up ${name}`}
                keys="Alt+ArrowUp"
                disabled={index === 0}
                onClick={() => onMove(index - 1)}
              >
                <ArrowUp size={14} />
              </IconButton>
              <IconButton
                size="small"
                label={`Move down ${name}`}
                keys="Alt+ArrowDown"
                disabled={index === count - 1}
                onClick={() => onMove(index + 1)}
              >
                <ArrowDown size={14} />
              </IconButton>
            </>
          )}
          <IconButton size="small" label={`Remove ${name}`} onClick={onRemove}>
            <X size={14} />
          </IconButton>
        </span>
      )}
    </li>
  );
}
