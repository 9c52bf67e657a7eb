/** How states of runs and nodes are said. */

import type { NodeRun, RunState } from "@/state/run_state";

export const NODE_WORDS: Readonly<Record<NodeRun["status"], string>> = {
  queued: "Waiting",
  running: "Running",
  streaming: "Streaming",
  done: "Done",
  failed: "Failed",
  skipped: "Skipped",
  cancelled: "Stopped",
};

export const RUN_WORDS: Readonly<Record<RunState["status"], string>> = {
  queued: "Waiting for a worker",
  running: "Running",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Stopped",
  lost: "Lost: the server ended before the run did",
};

/** A duration with the unit that says most: 3 ms, 1.24 s, 2 min 5 s. */
export function secondsInWords(seconds: number): string {
  if (seconds < 0.0005) return "< 1 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

export function percentInWords(fraction: number): string {
  return `${Math.round(Math.min(Math.max(fraction, 0), 1) * 100)} %`;
}

/** What the left border of a node's card tells, as the document has it: orange while it counts, cyan while it streams. */
export function lookOf(run: NodeRun): string {
  return run.status === "running" && run.progress !== undefined ? "progress" : run.status;
}
