/** How the run as a whole is doing: a line of words and numbers, and a bar over all of its nodes. */

import styles from "@/panels/status/RunSummary.module.css";
import { RUN_WORDS, secondsInWords } from "@/panels/status/status_words";
import { isOver, type RunState } from "@/state/run_state";
import { Spinner } from "@/ui/Spinner";

export function RunSummary({ run, total }: { run: RunState; total: number }) {
  const counts = countsOf(run);
  const over = isOver(run);
  return (
    <div className={styles.summary} data-status={run.status}>
      <p className={styles.line}>
        {!over && <Spinner />}
        <strong className={styles.status}>{RUN_WORDS[run.status]}</strong>
        <span className={styles.numbers}>
          {[
            `${counts.done} of ${Math.max(total, run.nodes.size)}`,
            counts.failed > 0 && `${counts.failed} failed`,
            counts.skipped > 0 && `${counts.skipped} skipped`,
            over && secondsInWords(run.seconds),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </p>
      {run.error !== "" && <p className={styles.error}>{run.error}</p>}
      {run.unlogged !== "" && <p className={styles.note}>This run is not kept: {run.unlogged}</p>}
    </div>
  );
}

function countsOf({ nodes }: RunState) {
  const counts = { done: 0, failed: 0, skipped: 0 };
  for (const { status } of nodes.values()) {
    if (status === "done" || status === "failed" || status === "skipped") counts[status] += 1;
  }
  return counts;
}
