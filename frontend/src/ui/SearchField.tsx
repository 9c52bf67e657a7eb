/** A field to type into what is looked for. */

import { Search, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { IconButton } from "@/ui/IconButton";
import styles from "@/ui/SearchField.module.css";

export interface SearchFieldProps {
  readonly id?: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
}

export function SearchField({ id, label, value, onChange, onKeyDown }: SearchFieldProps) {
  const clearOrPass = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape" && value !== "") {
      event.stopPropagation();
      onChange("");
    } else onKeyDown?.(event);
  };
  return (
    <div className={styles.field}>
      <Search size={14} className={styles.icon} />
      <input
        id={id}
        className={styles.input}
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={clearOrPass}
      />
      {value !== "" && (
        <IconButton label="Clear" size="small" onClick={() => onChange("")}>
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}
