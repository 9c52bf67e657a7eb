/** The frame of a panel: its title, what can be done with it, its content. */

import { X } from "lucide-react";
import type { ReactNode } from "react";
import styles from "@/panels/PanelFrame.module.css";
import { IconButton } from "@/ui/IconButton";

export interface PanelFrameProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

export function PanelFrame({ title, actions, onClose, children }: PanelFrameProps) {
  return (
    <section className={styles.panel} aria-label={title}>
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        {actions}
        {onClose && (
          <IconButton label={`Close ${title.toLowerCase()}`} size="small" onClick={onClose}>
            <X size={14} />
          </IconButton>
        )}
      </header>
      {children}
    </section>
  );
}
