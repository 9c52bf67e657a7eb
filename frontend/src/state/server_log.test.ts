import { describe, expect, it } from "vitest";
import { MOST_ENTRIES, NO_LOG, type ServerLog, withPage } from "@/state/server_log";
import type { LogLine, LogPage } from "@/wire/log_routes";

const line = (seq: number, text = `line ${seq}`, earlier = false): LogLine => ({
  seq,
  at: "2026-01-02T03:04:05.678+00:00",
  level: "info",
  source: "psynapse",
  text,
  earlier,
});
const page = (boot_id: string, lines: readonly LogLine[], last = lines.at(-1)?.seq ?? 0): LogPage => ({
  boot_id,
  first: 1,
  last,
  lines: [...lines],
});
const texts = (log: ServerLog) => log.entries.map(({ text }) => text);
const keys = (log: ServerLog) => log.entries.map(({ key }) => key);

describe("the server's log", () => {
  it("grows by what is new", () => {
    const first = withPage(NO_LOG, page("a", [line(1), line(2)]));
    const second = withPage(first, page("a", [line(3)]));
    expect(texts(second)).toEqual(["line 1", "line 2", "line 3"]);
    expect(second.after).toBe(3);
    expect(second.status).toBe("ready");
  });

  it("is the same list while nothing is new", () => {
    const first = withPage(NO_LOG, page("a", [line(1)]));
    expect(withPage(first, page("a", [], 1)).entries).toBe(first.entries);
  });

  it("keeps what an earlier server has said, and takes the new one's from its beginning", () => {
    const before = withPage(NO_LOG, page("a", [line(1, "older", true), line(2)]));
    const noticed = withPage(before, page("b", [line(3)]));
    expect(texts(noticed)).toEqual(["older", "line 2", "The server was started again."]);
    expect(noticed.after).toBe(0);
    const again = withPage(noticed, page("b", [line(1, "line 2", true), line(2, "fresh")]));
    expect(texts(again)).toEqual(["older", "line 2", "The server was started again.", "fresh"]);
    expect(keys(again)).toEqual([1, 2, 3, 4]);
    expect(texts(withPage(again, page("c", [])))).toHaveLength(5);
  });

  it("shows what an earlier server has said to who has only come now", () => {
    expect(texts(withPage(NO_LOG, page("a", [line(1, "older", true)])))).toEqual(["older"]);
  });

  it("drops the oldest of very many lines", () => {
    const many = Array.from({ length: MOST_ENTRIES }, (_, index) => line(index + 1));
    const log = withPage(withPage(NO_LOG, page("a", many)), page("a", [line(MOST_ENTRIES + 1)]));
    expect(log.entries).toHaveLength(MOST_ENTRIES);
    expect(log.entries[0]?.key).toBe(2);
    expect(log.entries.at(-1)?.text).toBe(`line ${MOST_ENTRIES + 1}`);
  });
});
