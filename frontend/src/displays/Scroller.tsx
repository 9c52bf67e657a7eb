/** A part of the page that scrolls by itself, with the keyboard too. */

import type { ReactNode, Ref, UIEvent } from "react";
import styles from "@/displays/display.module.css";
import type { DisplaySize } from "@/displays/display_props";
import { classes } from "@/ui/class_names";

export interface ScrollerProps {
  /** What is in it, for screen readers. */
  readonly label: string;
  readonly size: DisplaySize;
  readonly className?: string | undefined;
  readonly ref?: Ref<HTMLElement>;
  readonly onScroll?: (event: UIEvent<HTMLElement>) => void;
  readonly children: ReactNode;
}

export function Scroller({ label, size, className, ref, onScroll, children }: ScrollerProps) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus there are no keys to scroll with
      tabIndex={0}
      // In a node, the pointer, the wheel and the arrow keys are for what is in here.
      className={classes(styles.scroller, className, "nowheel nodrag nopan nokey")}
      data-size={size}
      onScroll={onScroll}
    >
      {children}
    </section>
  );
}
