/** What is known about a run, from its events. Pure: the same events in the same order give the same state. */

import type { Json } from "@/graph/workflow";

export type NodeStatus = "queued" | "running" | "streaming" | "done" | "failed" | "skipped" | "cancelled";

/** The type of a failure that is a finding of the checks: the node was never called. */
export const FINDING = "Diagnostic";

export interface Failure {
  readonly message: string;
  readonly type: string;
  /** Begins at the user's code. */
  readonly traceback: string;
  readonly hint: string;
  readonly port: string | null;
  readonly code: string;
}

export interface LogLine {
  readonly stream: "stdout" | "stderr" | "log";
  readonly text: string;
}

export interface NodeRun {
  readonly status: NodeStatus;
  /** 1-based, in the order in which nodes began or ended without beginning. */
  readonly number: number;
  /** 0 to 1. */
  readonly progress?: number;
  readonly message?: string;
  /** All text streamed so far. */
  readonly text?: string;
  /** The value or its preview. */
  readonly output?: Json;
  readonly seconds?: number;
  readonly cached?: boolean;
  /** Why the node ran although results are reused, or where its reused result was kept. */
  readonly why?: string;
  readonly failure?: Failure;
  /** The failed node because of which this one did not run. */
  readonly because?: string;
  readonly logs: readonly LogLine[];
}

export type RunStatus = "queued" | "running" | "succeeded" | "failed" | "cancelled" | "lost";

export interface RunState {
  readonly id: string;
  readonly status: RunStatus;
  /** In the order of their numbers. */
  readonly nodes: ReadonlyMap<string, NodeRun>;
  /** Those that failed; the same object until another one does. */
  readonly failed: ReadonlyMap<string, NodeRun>;
  readonly lastSeq: number;
  readonly seconds: number;
  /** How many runs are before it while it waits for a worker, itself included; else 0. */
  readonly queuePosition: number;
  /** Why nothing could run, when that was no node's doing. */
  readonly error: string;
  /** Why the run's events are not kept, or nothing. */
  readonly unlogged: string;
  /** What was printed by no node in particular. */
  readonly logs: readonly LogLine[];
}

/** An event as `GET /runs/{id}/events` sends it. */
export interface RunEvent {
  readonly seq: number;
  readonly at: number;
  readonly node: string | null;
  readonly type: string;
  readonly [field: string]: Json;
}

const MOST_LOG_LINES = 5_000;

export function newRun(id: string): RunState {
  return {
    id,
    status: "queued",
    nodes: new Map(),
    failed: new Map(),
    lastSeq: -1,
    seconds: 0,
    queuePosition: 0,
    error: "",
    unlogged: "",
    logs: [],
  };
}

/** The state after some events. Events that are known already, or come twice, change nothing. */
export function applyEvents(run: RunState, events: readonly RunEvent[]): RunState {
  const fresh = events.filter(({ seq }) => seq > run.lastSeq).sort((a, b) => a.seq - b.seq);
  if (fresh.length === 0) return run;
  const nodes = new Map(run.nodes);
  // Lines are put together once per batch: a node may print thousands in one.
  const lines = new Map<string | null, LogLine[]>();
  let state: RunState = run;
  let lastSeq = run.lastSeq;
  for (const event of fresh) {
    if (event.seq <= lastSeq) continue;
    lastSeq = event.seq;
    if (event.type === "task-output") collect(lines, event);
    if (event.node === null) state = aboutRun(state, event);
    else nodes.set(event.node, aboutNode(nodes.get(event.node), event, nodes.size + 1));
  }
  for (const [id, node] of nodes) {
    const printed = lines.get(id);
    if (printed) nodes.set(id, { ...node, logs: withLines(node.logs, printed) });
  }
  const fails = fresh.some(({ type }) => type === "task-failed");
  const failed = fails ? new Map([...nodes].filter(([, { failure }]) => failure)) : run.failed;
  return { ...state, nodes, failed, lastSeq, logs: withLines(state.logs, lines.get(null)) };
}

/** The run after its stream ended without saying how it went: what the server says of it, nothing going on. */
export function ended(run: RunState, status: RunStatus, seconds: number): RunState {
  const nodes = new Map(run.nodes);
  for (const [id, node] of nodes) {
    if (isActive(node)) nodes.set(id, { ...node, status: "cancelled" });
  }
  return { ...run, nodes, status, seconds, queuePosition: 0 };
}

/** True when nothing more will happen. */
export function isOver(run: RunState): boolean {
  return run.status !== "queued" && run.status !== "running";
}

/** True while more is to come of a node. */
export function isActive({ status }: NodeRun): boolean {
  return status === "queued" || status === "running" || status === "streaming";
}

function aboutRun(run: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case "run-started":
      return { ...run, status: "running", queuePosition: 0 };
    case "run-unlogged":
      return { ...run, unlogged: text(event.reason) };
    case "run-finished":
      return {
        ...run,
        status: statusOf(event.status),
        seconds: numeric(event.seconds) ?? run.seconds,
        error: text(event.error),
      };
    default:
      return run;
  }
}

const NEW_NODE = { status: "queued", logs: [] } as const;

function aboutNode(known: NodeRun | undefined, event: RunEvent, number: number): NodeRun {
  const node: NodeRun = known ?? { ...NEW_NODE, number };
  switch (event.type) {
    case "task-started":
      return { ...node, status: "running", why: text(event.why) };
    case "task-progress":
      return {
        ...node,
        status: "running",
        progress: numeric(event.fraction) ?? 0,
        message: text(event.message),
      };
    case "task-streamed":
      return { ...node, status: "streaming", text: (node.text ?? "") + text(event.chunk) };
    default:
      return afterEnd(node, event);
  }
}

function afterEnd(node: NodeRun, event: RunEvent): NodeRun {
  switch (event.type) {
    case "task-completed":
      return {
        ...node,
        status: "done",
        output: event.output ?? null,
        seconds: numeric(event.seconds) ?? 0,
        cached: event.cached === true,
        ...(text(event.why) === "" ? {} : { why: text(event.why) }),
      };
    case "task-failed":
      return { ...node, status: "failed", failure: failureOf(event) };
    case "task-skipped":
      return { ...node, status: "skipped", because: text(event.because) };
    case "task-cancelled":
      return { ...node, status: "cancelled" };
    default:
      return node;
  }
}

function failureOf(event: RunEvent): Failure {
  return {
    message: text(event.error),
    type: text(event.error_type),
    traceback: text(event.traceback),
    hint: text(event.hint),
    port: typeof event.port === "string" ? event.port : null,
    code: text(event.code),
  };
}

function collect(lines: Map<string | null, LogLine[]>, event: RunEvent): void {
  const stream = event.stream === "stderr" || event.stream === "log" ? event.stream : "stdout";
  const line = { stream, text: text(event.text) } as const;
  const known = lines.get(event.node);
  if (known) known.push(line);
  else lines.set(event.node, [line]);
}

function withLines(logs: readonly LogLine[], lines: readonly LogLine[] | undefined): readonly LogLine[] {
  return lines ? [...logs, ...lines].slice(-MOST_LOG_LINES) : logs;
}

function statusOf(value: Json | undefined): RunStatus {
  return value === "succeeded" || value === "failed" || value === "cancelled" || value === "lost"
    ? value
    : "failed";
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function numeric(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
