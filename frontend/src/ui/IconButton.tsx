/** A button that is only a picture: its name is its tooltip. */

import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { classes } from "@/ui/class_names";
import styles from "@/ui/IconButton.module.css";
import { Tooltip, type TooltipSide } from "@/ui/Tooltip";

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label"> {
  /** What it does, for the tooltip and for screen readers. */
  readonly label: string;
  readonly children: ReactNode;
  /** The keys that do the same, as in the command table. */
  readonly keys?: string | undefined;
  readonly side?: TooltipSide;
  readonly size?: "small" | "normal" | "large";
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  label,
  keys,
  side = "bottom",
  size = "normal",
  className,
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip content={label} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classes(styles.button, styles[size], className)}
      >
        {children}
      </button>
    </Tooltip>
  );
}
