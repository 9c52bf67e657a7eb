/** One node of a run: its number, its state, what came out of it. */

import { memo } from "react";
import type { Json } from "@/graph/workflow";
import { goToNode } from "@/panels/choosing";
import { FailureBlock } from "@/panels/status/FailureBlock";
import { Folding } from "@/panels/status/Folding";
import { LogLines } from "@/panels/status/LogLines";
import { Output } from "@/panels/status/Output";
import { ProgressBar } from "@/panels/status/ProgressBar";
import styles from "@/panels/status/StatusCard.module.css";
import { StatusIcon } from "@/panels/status/StatusIcon";
import { StreamedText } from "@/panels/status/StreamedText";
import { lookOf, secondsInWords } from "@/panels/status/status_words";
import type { NodeRun } from "@/state/run_state";
import { useNodeInputs } from "@/state/runs";
import { Badge } from "@/ui/Badge";

export interface StatusCardProps {
  readonly id: string;
  readonly title: string;
  readonly run: NodeRun;
  readonly selected: boolean;
  /** The title of the failed node because of which this one did not run. */
  readonly cause: string;
}

export const StatusCard = memo(function StatusCard({ id, title, run, selected, cause }: StatusCardProps) {
  return (
    <article className={styles.card} data-look={lookOf(run)} data-selected={selected || undefined}>
      <button type="button" className={styles.header} onClick={() => goToNode(id)} title="Show this node">
        <span className={styles.number}>{run.number}</span>
        <span className={styles.title}>{title}</span>
        {run.cached && <Badge title="Nothing it depends on has changed since an earlier run">cached</Badge>}
        {run.seconds !== undefined && !run.cached && (
          <span className={styles.time}>{secondsInWords(run.seconds)}</span>
        )}
        <StatusIcon run={run} />
      </button>
      <Body id={id} title={title} run={run} cause={cause} />
    </article>
  );
});

function Body({ id, title, run, cause }: Omit<StatusCardProps, "selected">) {
  const live = run.status === "running" || run.status === "streaming";
  const showsText = run.text !== undefined && run.text !== "" && (live || run.output === undefined);
  return (
    <div className={styles.body}>
      {live && run.progress !== undefined && (
        <ProgressBar label={title} fraction={run.progress} message={run.message ?? ""} />
      )}
      {showsText && <StreamedText text={run.text ?? ""} live={live} />}
      {run.failure && <FailureBlock failure={run.failure} />}
      {run.status === "skipped" && (
        <p className={styles.cause}>{cause === "" ? "Skipped." : `Skipped because “${cause}” failed.`}</p>
      )}
      {!live && run.status !== "queued" && <Inputs id={id} />}
      {run.output !== undefined && <Output title="Output" value={run.output} open />}
      {run.logs.length > 0 && (
        <Folding title="Log" count={run.logs.length}>
          {() => <LogLines lines={run.logs} />}
        </Folding>
      )}
    </div>
  );
}

function Inputs({ id }: { id: string }) {
  const inputs = useNodeInputs(id);
  if (inputs.size === 0) return null;
  return (
    <Folding title="Inputs" count={inputs.size}>
      {() => <Values values={inputs} />}
    </Folding>
  );
}

function Values({ values }: { values: ReadonlyMap<string, Json> }) {
  return (
    <div className={styles.values}>
      {[...values].map(([name, value]) => (
        <Output key={name} title={name} value={value} />
      ))}
    </div>
  );
}
