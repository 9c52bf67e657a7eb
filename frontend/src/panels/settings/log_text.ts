/** Lines of the server's log: which are shown, and how they are written. */

import type { LogEntry } from "@/state/server_log";

export const LOG_FILTERS = [
  { value: "info", label: "Everything" },
  { value: "warning", label: "Warnings and errors" },
  { value: "error", label: "Errors" },
] as const;
export type LogFilter = (typeof LOG_FILTERS)[number]["value"];

const RANK = { debug: 0, info: 1, warning: 2, error: 3 } as const;

export function isLogFilter(text: string): text is LogFilter {
  return LOG_FILTERS.some(({ value }) => value === text);
}

/** The entries of that level or above whose text or source has the words in it. */
export function chosenEntries(
  entries: readonly LogEntry[],
  filter: LogFilter,
  words: string,
): readonly LogEntry[] {
  const wanted = words.trim().toLowerCase();
  if (filter === "info" && wanted === "") return entries;
  return entries.filter(
    ({ level, text, source }) =>
      RANK[level] >= RANK[filter] &&
      (wanted === "" || text.toLowerCase().includes(wanted) || source.toLowerCase().includes(wanted)),
  );
}

/** As a file of the log has them. */
export function logText(entries: readonly LogEntry[]): string {
  return entries
    .map(({ at, level, source, text }) =>
      at === "" ? text : `${at} ${level.toUpperCase()} ${source}: ${text}`,
    )
    .join("\n");
}

/** The clock time, in the user's own zone; the day too when it is another one. */
export function logTime(at: string, now = new Date()): string {
  if (at === "") return "";
  const date = new Date(at);
  const clock = date.toLocaleTimeString(undefined, { hour12: false });
  return date.toDateString() === now.toDateString()
    ? clock
    : `${date.toLocaleDateString(undefined, { month: "short", day: "numeric" })} ${clock}`;
}
