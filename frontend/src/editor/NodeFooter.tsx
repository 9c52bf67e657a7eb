/** The foot of a node: what it is at the left, how its last run went at the right. */

import type { ReactNode } from "react";
import css from "@/editor/NodeFooter.module.css";
import { duration, type NodeStatus } from "@/editor/node_status";
import type { NodeRun } from "@/editor/surroundings";

interface Props {
  readonly run: NodeRun | undefined;
  readonly status: NodeStatus;
  readonly note?: ReactNode;
}

export function NodeFooter({ run, status, note }: Props) {
  return (
    <div className={css.footer}>
      <span className={css.note}>{note}</span>
      <span className={css.outcome} data-look={status.look}>
        {outcome(run, status)}
      </span>
    </div>
  );
}

/** The time says that a node is done; what went otherwise needs its word. */
function outcome(run: NodeRun | undefined, { look, words }: NodeStatus): string {
  const time = run?.seconds === undefined ? "" : duration(run.seconds);
  if (look === "done") return time || words;
  return look === "cached" ? `${words}${time ? ` · ${time}` : ""}` : words;
}
