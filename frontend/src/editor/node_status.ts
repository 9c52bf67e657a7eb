/** What the state of a node in a run looks like: a glyph, a border and words, never a colour alone. */

import type { NodeRun } from "@/editor/surroundings";

/** The key of a state in NodeShell.module.css. */
export type Look =
  | "idle"
  | "queued"
  | "running"
  | "streaming"
  | "done"
  | "cached"
  | "stale"
  | "failed"
  | "skipped"
  | "cancelled";

export interface NodeStatus {
  readonly look: Look;
  /** For the footer and for screen readers; empty when there is nothing to say. */
  readonly words: string;
  /** From 0 to 1 while it is known, null while it is not, undefined when nothing is under way. */
  readonly progress?: number | null;
}

const IDLE: NodeStatus = { look: "idle", words: "" };

/** `stale` says that the workflow was changed since in a way that matters to the result. */
export function statusOf(run: NodeRun | undefined, stale = false): NodeStatus {
  if (!run) return IDLE;
  if (stale && run.status === "done") return { look: "stale", words: "Out of date" };
  switch (run.status) {
    case "queued":
      return { look: "queued", words: "Waiting" };
    case "running":
      return { look: "running", words: runningWords(run), progress: run.progress ?? null };
    case "streaming":
      return { look: "streaming", words: "Streaming", progress: null };
    case "done":
      return run.cached ? { look: "cached", words: "Cached" } : { look: "done", words: "Done" };
    case "failed":
      return { look: "failed", words: "Failed" };
    case "skipped":
      return { look: "skipped", words: "Skipped" };
    case "cancelled":
      return { look: "cancelled", words: "Stopped" };
  }
}

function runningWords({ progress, message }: NodeRun): string {
  if (progress === undefined) return "Running";
  const percent = `${Math.round(progress * 100)} %`;
  return message ? `${percent} · ${message}` : percent;
}

/** A duration as short as it can be read: `0.4 ms`, `12 ms`, `3.2 s`, `2 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 0.001) return "< 1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
