/** A button with words on it. */

import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import styles from "@/ui/Button.module.css";
import { classes } from "@/ui/class_names";
import { Spinner } from "@/ui/Spinner";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: "plain" | "primary" | "danger" | "quiet";
  readonly icon?: ReactNode;
  /** Shows that what was asked for is under way; the button answers to nothing until then. */
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = "plain", icon, busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, styles[variant], className)}
      disabled={rest.disabled ?? busy}
      aria-busy={busy || undefined}
    >
      {busy ? <Spinner /> : icon}
      {children !== undefined && <span className={styles.words}>{children}</span>}
    </button>
  );
}
