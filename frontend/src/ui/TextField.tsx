/** A line of text with its label, and what is wrong with it. */

import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import styles from "@/ui/TextField.module.css";

export interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: ReactNode;
  readonly problem?: string;
}

export function TextField({ label, value, onChange, hint, problem = "", ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={id}
        className={styles.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={problem !== "" || undefined}
        aria-describedby={`${id}-more`}
      />
      <p id={`${id}-more`} className={problem === "" ? styles.hint : styles.problem}>
        {problem || hint}
      </p>
    </div>
  );
}
