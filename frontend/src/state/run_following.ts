/** Follows a run's events and hands its state on, at most once per frame. */

import { isObject } from "@/graph/workflow";
import { perFrame } from "@/state/frames";
import { applyEvents, ended, isOver, newRun, type RunEvent, type RunState } from "@/state/run_state";
import { Away, Problem } from "@/wire/client";
import { getRun, runEventsUrl } from "@/wire/routes";
import type { RunDescription } from "@/wire/shapes";
import { events, StreamRefused } from "@/wire/sse";
import { backoff, pause } from "@/wire/waiting";

export interface Following {
  readonly signal: AbortSignal;
  onState(run: RunState): void;
  onConnection?(connected: boolean): void;
}

/** Milliseconds between two looks at the queue. */
const QUEUE_INTERVAL = 1_000;
const FIRST_RETRY = 500;
const LONGEST_RETRY = 10_000;

/** From the first event to the last; resolves with the state at the end. Throws Problem, and the signal's reason. */
export async function followRun(id: string, following: Following): Promise<RunState> {
  let run = newRun(id);
  const set = (next: RunState) => {
    if (next === run) return;
    run = next;
    if (!following.signal.aborted) following.onState(run);
  };
  const batches = perFrame<RunEvent>((batch) => set(applyEvents(run, batch)));
  const queue = new AbortController();
  const signal = AbortSignal.any([following.signal, queue.signal]);
  watchQueue(id, signal, () => run, set).catch(() => undefined);
  try {
    await readEvents(id, following, batches.add);
    batches.flush();
    if (!isOver(run)) set(settled(run, await describe(id, following.signal)));
    return run;
  } finally {
    queue.abort();
  }
}

async function readEvents(id: string, following: Following, add: (event: RunEvent) => void): Promise<void> {
  const { signal, onConnection } = following;
  const options = { signal, ...(onConnection ? { onConnection } : {}) };
  try {
    for await (const { data } of events(runEventsUrl(id), options)) {
      const event = parsed(data);
      if (event) add(event);
      if (event?.type === "run-finished") return;
    }
  } catch (error) {
    if (!(error instanceof StreamRefused)) throw error;
    // What the run's description says is why.
    await describe(id, signal);
    throw error;
  }
}

/** A run that stopped without an end: its server did, or its events are not kept. */
function settled(run: RunState, { status, seconds, unlogged }: RunDescription): RunState {
  const isGoingOn = status === "queued" || status === "running";
  return { ...ended(run, isGoingOn ? "lost" : status, seconds), unlogged: run.unlogged || unlogged };
}

async function describe(id: string, signal: AbortSignal): Promise<RunDescription> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await getRun(id, signal);
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      await pause(backoff(failures, FIRST_RETRY, LONGEST_RETRY), signal);
    }
  }
}

/** Events begin when the run does; until then only its description tells how long the queue is. */
async function watchQueue(
  id: string,
  signal: AbortSignal,
  current: () => RunState,
  set: (run: RunState) => void,
): Promise<void> {
  while (current().status === "queued") {
    const { status, queue_position: queuePosition } = await getRun(id, signal);
    if (status !== "queued") return;
    const run = current();
    if (run.status === "queued" && run.queuePosition !== queuePosition) set({ ...run, queuePosition });
    await pause(QUEUE_INTERVAL, signal);
  }
}

function parsed(data: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(data);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is RunEvent {
  return (
    isObject(value) &&
    typeof value.seq === "number" &&
    typeof value.type === "string" &&
    (typeof value.node === "string" || value.node === null)
  );
}

export function isGone(error: unknown): boolean {
  return error instanceof Problem && error.status === 404;
}
