/** A word in a small coloured field. */

import type { ReactNode } from "react";
import styles from "@/ui/Badge.module.css";
import { classes } from "@/ui/class_names";

export interface BadgeProps {
  readonly tone?: "neutral" | "info" | "success" | "warning" | "danger" | "progress" | "stream";
  readonly children: ReactNode;
  readonly title?: string;
}

export function Badge({ tone = "neutral", children, title }: BadgeProps) {
  return (
    <span className={classes(styles.badge, styles[tone])} title={title}>
      {children}
    </span>
  );
}
