import { describe, expect, it } from "vitest";
import { chosenEntries, isLogFilter, logText, logTime } from "@/panels/settings/log_text";
import type { LogEntry } from "@/state/server_log";

const AT = "2026-01-02T03:04:05.678+00:00";
const entry = (key: number, level: LogEntry["level"], text: string, source = "psynapse"): LogEntry => ({
  key,
  seq: key,
  at: AT,
  level,
  source,
  text,
  earlier: false,
});
const ALL = [
  entry(1, "debug", "seen by nobody"),
  entry(2, "info", "Nodepacks changed"),
  entry(3, "warning", "a run goes on unlogged", "psynapse.runs"),
  entry(4, "error", "it broke off"),
];
const chosen = (...[filter, words]: [Parameters<typeof chosenEntries>[1], string]) =>
  chosenEntries(ALL, filter, words).map(({ key }) => key);

describe("lines of the log", () => {
  it("are chosen by their level", () => {
    expect(chosenEntries(ALL, "info", " ")).toBe(ALL);
    expect(chosen("warning", "")).toEqual([3, 4]);
    expect(chosen("error", "")).toEqual([4]);
  });

  it("are found by words in them, or by who said them", () => {
    expect(chosen("info", "NODEPACKS ")).toEqual([2]);
    expect(chosen("info", "psynapse.runs")).toEqual([3]);
    expect(chosen("error", "nodepacks")).toEqual([]);
  });

  it("are copied as the log's file has them, and as they are where nobody knows when they were said", () => {
    const plain = { ...entry(5, "info", "Psynapse serves http://x", ""), at: "" };
    expect(logText([ALL[3] as LogEntry, plain])).toBe(
      `${AT} ERROR psynapse: it broke off\nPsynapse serves http://x`,
    );
  });

  it("have a time, and a day when it is another one", () => {
    const now = new Date(AT);
    expect(logTime(AT, now)).toMatch(/^\d\d:04:05$/);
    expect(logTime(AT, new Date("2026-03-01T00:00:00Z"))).toMatch(/Jan.* \d\d:04:05$/);
    expect(logTime("")).toBe("");
  });

  it("have filters with names", () => {
    expect(isLogFilter("error")).toBe(true);
    expect(isLogFilter("loud")).toBe(false);
  });
});
