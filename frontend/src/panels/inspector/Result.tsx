/** What a node made in the run that is shown, what went into it, and how long it took. */

import { ValueDisplay } from "@/displays/registry";
import styles from "@/panels/inspector/Result.module.css";
import { FailureBlock } from "@/panels/status/FailureBlock";
import { Output } from "@/panels/status/Output";
import { ProgressBar } from "@/panels/status/ProgressBar";
import { StatusIcon } from "@/panels/status/StatusIcon";
import { StreamedText } from "@/panels/status/StreamedText";
import { NODE_WORDS, secondsInWords } from "@/panels/status/status_words";
import type { NodeRun } from "@/state/run_state";
import { useIsStale, useNodeInputs, useNodeRun } from "@/state/runs";
import { Badge } from "@/ui/Badge";
import { EmptyState } from "@/ui/EmptyState";

export function Result({ node, title }: { node: string; title: string }) {
  const run = useNodeRun(node);
  const stale = useIsStale(node);
  const inputs = useNodeInputs(node);
  if (!run)
    return <EmptyState title="No result yet">Run the workflow to see what this node makes.</EmptyState>;
  const live = run.status === "running" || run.status === "streaming";
  return (
    <div className={styles.result}>
      <Summary run={run} stale={stale} />
      {live && run.progress !== undefined && (
        <ProgressBar label={title} fraction={run.progress} message={run.message ?? ""} />
      )}
      {run.text && (live || run.output === undefined) && <StreamedText text={run.text} live={live} />}
      {run.failure && <FailureBlock failure={run.failure} open />}
      {run.output !== undefined && <ValueDisplay value={run.output} size="panel" />}
      {inputs.size > 0 && <h3 className={styles.heading}>Inputs</h3>}
      {[...inputs].map(([name, value]) => (
        <Output key={name} title={name} value={value} />
      ))}
    </div>
  );
}

function Summary({ run, stale }: { run: NodeRun; stale: boolean }) {
  return (
    <p className={styles.summary}>
      <StatusIcon run={run} />
      <strong>{NODE_WORDS[run.status]}</strong>
      {run.seconds !== undefined && <span>{secondsInWords(run.seconds)}</span>}
      {run.cached && <Badge title="Nothing it depends on has changed since an earlier run">cached</Badge>}
      {stale && (
        <Badge tone="warning" title="Something that it depends on has changed since">
          out of date
        </Badge>
      )}
      {run.why && <span className={styles.why}>{run.why}</span>}
    </p>
  );
}
