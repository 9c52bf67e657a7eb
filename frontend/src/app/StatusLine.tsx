/** The line at the bottom: is the server there, is everything saved, are there problems. */

import { CircleX, TriangleAlert } from "lucide-react";
import { openDialog } from "@/app/dialogs";
import { toggleProblems, useProblemsOpen } from "@/app/panel_choice";
import styles from "@/app/StatusLine.module.css";
import { tabWords } from "@/app/tab_words";
import { useProblems } from "@/panels/problems/use_problems";
import { useServer } from "@/state/server";
import { useActiveTab, useWorkflow } from "@/state/session";
import { classes } from "@/ui/class_names";

const SERVER_WORDS = {
  connecting: "Connecting …",
  connected: "Connected",
  away: "The server is away",
} as const;

export function StatusLine() {
  const server = useServer(({ status }) => status);
  const tab = useActiveTab();
  const { nodes, edges } = useWorkflow();
  return (
    <footer className={styles.line}>
      <span className={styles.server} data-status={server}>
        {SERVER_WORDS[server]}
      </span>
      {tab?.status === "conflict" ? (
        <button
          type="button"
          className={classes(styles.button, styles.conflict)}
          onClick={() => openDialog("conflict", tab.id)}
        >
          {tabWords(tab)}
        </button>
      ) : (
        <span className={styles.words}>{tab && tabWords(tab)}</span>
      )}
      <span className={styles.space} />
      <span className={styles.words}>
        {counted(nodes.size, "node")}, {counted(edges.size, "edge")}
      </span>
      <ProblemsButton />
    </footer>
  );
}

function ProblemsButton() {
  const problems = useProblems();
  const open = useProblemsOpen();
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.filter(({ severity }) => severity === "warning").length;
  return (
    <button type="button" className={styles.button} aria-pressed={open} onClick={toggleProblems}>
      <span className="visually-hidden">Problems: </span>
      <CircleX size={13} data-any={errors > 0 || undefined} className={styles.error} aria-hidden /> {errors}
      <span className="visually-hidden">{errors === 1 ? "error" : "errors"},</span>
      <TriangleAlert size={13} data-any={warnings > 0 || undefined} className={styles.warning} aria-hidden />{" "}
      {warnings}
      <span className="visually-hidden">{warnings === 1 ? "warning" : "warnings"}</span>
    </button>
  );
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
