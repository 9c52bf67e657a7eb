/** The state of a node as a sign: spinner, check, cross … */

import { Ban, Check, Circle, SkipForward, X } from "lucide-react";
import styles from "@/panels/status/StatusIcon.module.css";
import { NODE_WORDS } from "@/panels/status/status_words";
import type { NodeRun } from "@/state/run_state";
import { Spinner } from "@/ui/Spinner";

export function StatusIcon({ run }: { run: Pick<NodeRun, "status" | "cached"> }) {
  const words = run.cached ? "Done, taken from an earlier run" : NODE_WORDS[run.status];
  return (
    <span role="img" className={styles.icon} data-status={run.status} aria-label={words} title={words}>
      <Sign status={run.status} />
    </span>
  );
}

function Sign({ status }: Pick<NodeRun, "status">) {
  switch (status) {
    case "running":
    case "streaming":
      return <Spinner size={16} />;
    case "done":
      return <Check size={16} strokeWidth={2.75} />;
    case "failed":
      return <X size={16} strokeWidth={2.75} />;
    case "skipped":
      return <SkipForward size={15} />;
    case "cancelled":
      return <Ban size={15} />;
    default:
      return <Circle size={14} strokeDasharray="3 3" />;
  }
}
