/** One entry of a dictionary. */

import { X } from "lucide-react";
import type { Json, JsonObject } from "@/graph/workflow";
import { IconButton } from "@/ui/IconButton";
import styles from "@/widgets/DictWidget.module.css";
import { KeyField } from "@/widgets/KeyField";
import { ParamWidget } from "@/widgets/ParamWidget";

export interface DictRowProps {
  readonly id: string;
  /** Of the dictionary. */
  readonly label: string;
  readonly index: number;
  /** The key. */
  readonly name: string;
  readonly others: readonly string[];
  readonly value: Json;
  readonly schema: JsonObject;
  readonly compact: boolean;
  readonly disabled: boolean;
  onRename(name: string): void;
  onChange(value: Json | undefined): void;
  onRemove(): void;
}

export function DictRow(props: DictRowProps) {
  const { id, label, index, name, others, value, schema, compact, disabled } = props;
  return (
    <li data-row={index} data-comfortable={compact ? undefined : true} className={styles.row}>
      <KeyField
        id={`${id}-key`}
        label={`${label}, key ${index + 1}`}
        value={name}
        others={others}
        compact={compact}
        disabled={disabled}
        onChange={props.onRename}
      />
      <ParamWidget
        id={id}
        label={`${label}, value of ${name}`}
        value={value}
        schema={schema}
        compact={compact}
        disabled={disabled}
        onChange={props.onChange}
      />
      <IconButton
        size="small"
        label={`Remove ${name} from ${label}`}
        disabled={disabled}
        onClick={props.onRemove}
      >
        <X size={14} />
      </IconButton>
    </li>
  );
}
