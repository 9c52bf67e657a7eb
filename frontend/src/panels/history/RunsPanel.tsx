/** The history: earlier runs and how they ended. Opening one shows its values. */

import { Ban, Check, CircleHelp, Clock, History, RotateCw, X } from "lucide-react";
import styles from "@/panels/history/RunsPanel.module.css";
import { timeInWords, timeOf } from "@/panels/history/time_words";
import { PanelFrame } from "@/panels/PanelFrame";
import { RUN_WORDS, secondsInWords } from "@/panels/status/status_words";
import { loadHistory, loadMoreHistory, useHistory, useTabRuns } from "@/state/runs";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { Spinner } from "@/ui/Spinner";
import type { RunDescription } from "@/wire/shapes";

export interface RunsPanelProps {
  readonly onClose: () => void;
  readonly onOpen: (id: string) => void;
}

export function RunsPanel({ onClose, onOpen }: RunsPanelProps) {
  const { runs, status, hasMore } = useHistory();
  const shown = useTabRuns((runs) => runs.shown?.run.id);
  const reload = (
    <IconButton label="Load again" size="small" onClick={loadHistory}>
      <RotateCw size={14} />
    </IconButton>
  );
  return (
    <PanelFrame title="Runs" actions={reload} onClose={onClose}>
      <div className={styles.list}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} shown={run.id === shown} onOpen={() => onOpen(run.id)} />
        ))}
        {hasMore && (
          <Button variant="quiet" onClick={loadMoreHistory}>
            Show older runs
          </Button>
        )}
        {status === "loading" && runs.length === 0 && <Spinner label="Loading" />}
        {status === "away" && (
          <EmptyState title="The server is away">The runs show here when it is back.</EmptyState>
        )}
        {status === "ready" && runs.length === 0 && (
          <EmptyState icon={<History size={20} />} title="Nothing has run yet">
            Every run is kept here with its values.
          </EmptyState>
        )}
      </div>
    </PanelFrame>
  );
}

function RunRow({ run, shown, onOpen }: { run: RunDescription; shown: boolean; onOpen: () => void }) {
  const { status, started_at, seconds, nodes } = run;
  return (
    <button
      type="button"
      className={styles.run}
      aria-current={shown || undefined}
      data-status={status}
      title={timeOf(started_at).toLocaleString()}
      onClick={onOpen}
    >
      <span className={styles.icon}>
        <RunIcon status={status} />
      </span>
      <span className={styles.words}>
        <span className={styles.first}>
          <span className={styles.when}>{timeInWords(started_at)}</span>
          <span className={styles.seconds}>{seconds > 0 && secondsInWords(seconds)}</span>
        </span>
        <span className={styles.more}>
          {RUN_WORDS[status]} · {nodes} {nodes === 1 ? "node" : "nodes"}
        </span>
      </span>
    </button>
  );
}

function RunIcon({ status }: Pick<RunDescription, "status">) {
  switch (status) {
    case "succeeded":
      return <Check size={16} strokeWidth={2.5} />;
    case "failed":
      return <X size={16} strokeWidth={2.5} />;
    case "cancelled":
      return <Ban size={15} />;
    case "lost":
      return <CircleHelp size={15} />;
    case "queued":
      return <Clock size={15} />;
    default:
      return <Spinner size={15} />;
  }
}
