/** Panes beside or under each other, with borders that can be moved. Their sizes are remembered. */

import { Fragment, type ReactNode } from "react";
import { Group, Panel, Separator, useDefaultLayout } from "react-resizable-panels";
import styles from "@/ui/SplitLayout.module.css";

export interface Pane {
  readonly id: string;
  readonly content: ReactNode;
  /** In pixels at first; a pane without a size takes what is left. */
  readonly size?: number;
  readonly min?: number;
  readonly max?: number;
  /** What the border before or after it changes, for screen readers. */
  readonly label?: string;
}

export interface SplitLayoutProps {
  /** The name under which the sizes are remembered. */
  readonly id: string;
  readonly orientation?: "horizontal" | "vertical";
  readonly panes: readonly Pane[];
}

export function SplitLayout({ id, orientation = "horizontal", panes }: SplitLayoutProps) {
  const panelIds = panes.map((pane) => pane.id);
  const { defaultLayout, onLayoutChanged } = useDefaultLayout({ id, panelIds });
  return (
    <Group
      id={id}
      className={styles.group}
      orientation={orientation}
      defaultLayout={defaultLayout}
      onLayoutChanged={onLayoutChanged}
    >
      {panes.map((pane, index) => (
        <Fragment key={pane.id}>
          {index > 0 && (
            <Separator className={styles.separator} aria-label={borderLabel(panes[index - 1], pane)} />
          )}
          <Panel id={pane.id} className={styles.pane} {...limitsOf(pane)}>
            {pane.content}
          </Panel>
        </Fragment>
      ))}
    </Group>
  );
}

function limitsOf({ size, min = 120, max }: Pane) {
  return {
    minSize: min,
    ...(max === undefined ? {} : { maxSize: max }),
    ...(size === undefined ? {} : { defaultSize: size, groupResizeBehavior: "preserve-pixel-size" as const }),
  };
}

function borderLabel(before: Pane | undefined, after: Pane): string {
  const named = [before, after].find((pane) => pane?.size !== undefined && pane.label !== undefined);
  return `Resize ${named?.label ?? "panel"}`;
}
