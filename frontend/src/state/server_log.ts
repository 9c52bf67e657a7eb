/** The server's log while somebody looks at it. What came stays, also when the server is started again. */

import { useEffect } from "react";
import { create } from "zustand";
import { wordsFor } from "@/wire/client";
import { getLog, type LogLine, type LogPage } from "@/wire/log_routes";
import { backoff, pause } from "@/wire/waiting";

export interface LogEntry extends LogLine {
  /** Counts on over all starts of the server. */
  readonly key: number;
}

export interface ServerLog {
  readonly entries: readonly LogEntry[];
  readonly status: "loading" | "ready" | "away";
  /** Why nothing new comes, in words, or nothing. */
  readonly problem: string;
  readonly bootId: string;
  /** The number of the last line that came from this start of the server. */
  readonly after: number;
  /** What an earlier server has said has come from itself. */
  readonly knowsEarlier: boolean;
}

export const MOST_ENTRIES = 100_000;
/** Milliseconds between two looks. */
const PERIOD = 2_000;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 15_000;

export const NO_LOG: ServerLog = {
  entries: [],
  status: "loading",
  problem: "",
  bootId: "",
  after: 0,
  knowsEarlier: false,
};

export const useLogStore = create<ServerLog>()(() => NO_LOG);

/** The log, kept up to date while the component is there. */
export function useServerLog(): ServerLog {
  useEffect(() => {
    const ending = new AbortController();
    follow(ending.signal).catch(() => undefined);
    return () => ending.abort();
  }, []);
  return useLogStore();
}

async function follow(signal: AbortSignal): Promise<void> {
  for (let failures = 0; ; ) {
    try {
      const hasMore = document.visibilityState === "hidden" ? false : await askOnce(signal);
      failures = 0;
      if (!hasMore) await pause(PERIOD, signal);
    } catch (error) {
      signal.throwIfAborted();
      useLogStore.setState({ status: "away", problem: wordsFor(error) });
      await pause(backoff(failures++, FIRST_RETRY, LONGEST_RETRY), signal);
    }
  }
}

/** Returns whether there is more to ask for at once. */
async function askOnce(signal: AbortSignal): Promise<boolean> {
  const before = useLogStore.getState();
  const page = await getLog(before.after, signal);
  signal.throwIfAborted();
  const now = withPage(before, page);
  useLogStore.setState(now);
  return page.last > now.after && (now.after > before.after || now.bootId !== before.bootId);
}

/** The log with what was asked for after `log.after`. */
export function withPage(log: ServerLog, page: LogPage): ServerLog {
  if (page.boot_id !== log.bootId && log.after > 0) return startedAgain(log, page.boot_id);
  const lines = log.knowsEarlier ? page.lines.filter(({ earlier }) => !earlier) : page.lines;
  const after = page.lines.at(-1)?.seq ?? log.after;
  const seen = { ...log, status: "ready" as const, problem: "", bootId: page.boot_id, after };
  return lines.length === 0 ? seen : { ...seen, entries: added(log.entries, lines) };
}

function startedAgain(log: ServerLog, bootId: string): ServerLog {
  const mark: LogLine = {
    seq: 0,
    at: "",
    level: "info",
    source: "",
    text: "The server was started again.",
    earlier: false,
  };
  return {
    entries: added(log.entries, [mark]),
    status: "ready",
    problem: "",
    bootId,
    after: 0,
    knowsEarlier: true,
  };
}

function added(entries: readonly LogEntry[], lines: readonly LogLine[]): readonly LogEntry[] {
  const next = (entries.at(-1)?.key ?? 0) + 1;
  const all = [...entries, ...lines.map((line, index) => ({ ...line, key: next + index }))];
  return all.length > MOST_ENTRIES ? all.slice(-MOST_ENTRIES) : all;
}
