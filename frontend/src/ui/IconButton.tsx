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
  /** Why it does nothing now, to go on after its name, or nothing. It can still be found, so that it can say so. */
  readonly unavailable?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({
  label,
  keys,
  side = "bottom",
  size = "normal",
  unavailable = "",
  className,
  children,
  onClick,
  ...rest
}: IconButtonProps) {
  const answers =
    unavailable === "" ? { onClick } : { "aria-disabled": true, "aria-description": unavailable };
  return (
    <Tooltip content={unavailable === "" ? label : `${label}: ${unavailable}`} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        {...answers}
        aria-label={label}
        className={classes(styles.button, styles[size], className)}
      >
        {children}
      </button>
    </Tooltip>
  );
}
