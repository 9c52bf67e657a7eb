/** The key of an entry: takes effect when it is left, for half a key may be another entry's. */

import { type KeyboardEvent, useState } from "react";
import { fieldAttributes } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";

export interface KeyFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly others: readonly string[];
  readonly compact: boolean;
  readonly disabled: boolean;
  onChange(key: string): void;
}

export function KeyField({ id, label, value, others, compact, disabled, onChange }: KeyFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value;
  const problem = others.includes(text) ? "Another entry has this key" : undefined;
  const commit = () => {
    if (problem) return;
    setDraft(null);
    if (text !== value) onChange(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") commit();
    if (event.key !== "Escape" || draft === null) return;
    event.stopPropagation();
    setDraft(null);
  };
  return (
    <div>
      <input
        {...fieldAttributes(
          { id, label, compact, disabled, value, schema: {}, onChange: () => undefined },
          problem,
        )}
        type="text"
        value={text}
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        onBlur={commit}
        onKeyDown={onKeyDown}
        onChange={(event) => setDraft(event.target.value)}
      />
      <Problem id={id} text={problem} />
    </div>
  );
}
