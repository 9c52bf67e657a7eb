/** The rail at the left: the panels, one press away. */

import { Blocks, FolderOpen, History, Keyboard, ListTree, Package } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { type LeftPanel, toggleLeft, useLeftPanel } from "@/app/panel_choice";
import styles from "@/app/Rail.module.css";
import { IconButton } from "@/ui/IconButton";

const PANELS: readonly { readonly id: LeftPanel; readonly label: string; readonly icon: typeof Blocks }[] = [
  { id: "library", label: "Library", icon: Blocks },
  { id: "outline", label: "Outline", icon: ListTree },
  { id: "workflows", label: "Workflows", icon: FolderOpen },
  { id: "runs", label: "Runs", icon: History },
];

export function Rail() {
  const shown = useLeftPanel();
  return (
    <nav className={styles.rail} aria-label="Panels">
      {PANELS.map(({ id, label, icon: Icon }, index) => (
        <IconButton
          key={id}
          label={label}
          keys={`Alt+Digit${index + 1}`}
          side="right"
          size="large"
          aria-pressed={shown === id}
          onClick={() => toggleLeft(id)}
        >
          <Icon size={19} strokeWidth={1.75} />
        </IconButton>
      ))}
      <span className={styles.space} />
      <IconButton
        label="Node packages"
        side="right"
        size="large"
        onClick={() => openDialog("settings", "nodes")}
      >
        <Package size={19} strokeWidth={1.75} />
      </IconButton>
      <IconButton
        label="Keyboard shortcuts"
        keys="Shift+?"
        side="right"
        size="large"
        onClick={() => openDialog("cheat-sheet")}
      >
        <Keyboard size={19} strokeWidth={1.75} />
      </IconButton>
    </nav>
  );
}
