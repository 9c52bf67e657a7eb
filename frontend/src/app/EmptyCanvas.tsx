/** What an empty canvas says: three things to do. */

import { FileUp, LayoutTemplate, MousePointerClick } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { openDialog } from "@/app/dialogs";
import styles from "@/app/EmptyCanvas.module.css";
import { importFiles } from "@/panels/workflows/files";
import { runCommand } from "@/state/commands_table";

export function EmptyCanvas() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className={styles.frame}>
      <section className={styles.card} aria-label="Begin">
        <h2 className={styles.title}>What would you like to build?</h2>
        <Choice
          icon={<MousePointerClick size={18} />}
          title="Add a node"
          words="Drag one from the library, or double click on the canvas."
          onClick={() => runCommand("panel.search")}
        />
        <Choice
          icon={<LayoutTemplate size={18} />}
          title="Start from a template"
          words="Examples that run at once, to look at and change."
          onClick={() => openDialog("templates")}
        />
        <Choice
          icon={<FileUp size={18} />}
          title="Open a file"
          words="Choose a workflow, or drop one anywhere on this page."
          onClick={() => input.current?.click()}
        />
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          hidden
          onChange={(event) => void importFiles([...(event.target.files ?? [])])}
        />
      </section>
    </div>
  );
}

interface ChoiceProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly words: string;
  readonly onClick: () => void;
}

function Choice({ icon, title, words, onClick }: ChoiceProps) {
  return (
    <button type="button" className={styles.choice} onClick={onClick}>
      <span className={styles.icon}>{icon}</span>
      <span>
        <span className={styles.name}>{title}</span>
        <span className={styles.words}>{words}</span>
      </span>
    </button>
  );
}
