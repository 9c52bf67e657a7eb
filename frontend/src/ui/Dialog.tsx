/** A window over the page that takes the focus until it is closed. */

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { classes } from "@/ui/class_names";
import styles from "@/ui/Dialog.module.css";

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly size?: "small" | "medium" | "large" | "wide";
  /** Buttons at the bottom, the one to press last. */
  readonly footer?: ReactNode;
  /** There is nothing but text in it: it takes the focus itself, to be scrolled with keys. */
  readonly isText?: boolean;
  readonly children?: ReactNode;
}

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = "medium",
  footer,
  isText = false,
  children,
}: DialogProps) {
  // Radix asks for a description or for saying that there is none.
  const described = description === undefined ? { "aria-describedby": undefined } : {};
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={styles.scrim} />
        <Radix.Content className={classes(styles.dialog, styles[size])} {...described}>
          <header className={styles.header}>
            <div className={styles.titles}>
              <Radix.Title className={styles.title}>{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className={styles.description}>{description}</Radix.Description>
              )}
            </div>
          </header>
          {children !== undefined && (
            <section className={styles.body} {...(isText && { tabIndex: 0, "aria-label": title })}>
              {children}
            </section>
          )}
          {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
          {/* Last, so that what the dialog is about has the focus first. */}
          <Radix.Close className={styles.close} aria-label="Close">
            <X size={16} />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
