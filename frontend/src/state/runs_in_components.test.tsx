import { act, cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { finished } from "@/state/fake_server";
import { Browser, until } from "@/state/test_page";
import { event, pageToRun } from "@/state/test_runs";

const browser = new Browser();
afterEach(cleanup);

describe("components", () => {
  it("render again only when their node changed, at most once per frame", async () => {
    const one = await pageToRun(browser);
    const renders = new Map<string, number>();
    function Badge({ id }: { readonly id: string }) {
      const run = one.runs.useNodeRun(id);
      renders.set(id, (renders.get(id) ?? 0) + 1);
      return <i>{`${id}: ${run?.status} ${run?.progress ?? ""}`}</i>;
    }
    function Summary() {
      renders.set("run", (renders.get("run") ?? 0) + 1);
      return <b>{one.runs.useRun()?.status ?? "none"}</b>;
    }
    render(
      <>
        <Summary />
        {["a", "b", "view", "c"].map((id) => (
          <Badge key={id} id={id} />
        ))}
      </>,
    );
    await act(() => one.runs.execute());
    let updates = 0;
    const stop = one.store.useRunStore.subscribe(() => {
      updates += 1;
    });
    renders.clear();
    const frames = vi.fn();
    const count = () => {
      frames();
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    const flood = Array.from({ length: 2_000 }, (_, seq) =>
      event(seq, "task-progress", "a", { fraction: seq / 2_000 }),
    );
    for (let from = 0; from < flood.length; from += 20) {
      browser.server.tell("run-1", flood.slice(from, from + 20));
      if (from % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await act(() => until(() => expect(one.node("a")?.progress).toBe(1_999 / 2_000)));
    stop();
    expect(updates).toBeLessThanOrEqual(frames.mock.calls.length + 2);
    expect(renders.get("a")).toBeLessThanOrEqual(updates);
    expect(renders.get("b") ?? 0).toBe(0);
    expect(renders.get("c") ?? 0).toBe(0);
  });
});

describe("a component that shows one thing of a run", () => {
  it("renders again only when that is another", async () => {
    const one = await pageToRun(browser);
    const seen: unknown[] = [];
    function Failed() {
      const failed = one.runs.useTabRuns(({ shown }) => shown?.run.failed.size);
      seen.push(failed);
      return <i>{failed}</i>;
    }
    render(<Failed />);
    await act(() => one.runs.execute());
    for (let seq = 0; seq < 20; seq += 1) {
      browser.server.tell("run-1", [event(seq, "task-progress", "a", { fraction: seq / 20 })]);
      await act(() => until(() => expect(one.shown()?.lastSeq).toBe(seq)));
    }
    browser.server.tell("run-1", [event(20, "task-failed", "a", { error: "no luck" })]);
    await act(() => until(() => expect(one.shown()?.lastSeq).toBe(20)));
    expect(seen).toEqual([undefined, 0, 1]);
  });
});

describe("the history", () => {
  it("comes a page at a time and has what happens meanwhile", async () => {
    const one = await pageToRun(browser);
    for (let count = 0; count < 60; count += 1) {
      await one.runs.execute();
      browser.server.tell(`run-${count + 1}`, [finished(0, "succeeded")]);
      await until(() => expect(one.shown()?.status).toBe("succeeded"));
    }
    let history = { runs: [], status: "idle", hasMore: false } as ReturnType<typeof one.runs.useHistory>;
    function Look() {
      history = one.runs.useHistory();
      return null;
    }
    render(<Look />);
    await act(() => until(() => expect(history.status).toBe("ready")));
    expect(history.runs).toHaveLength(50);
    expect(history.hasMore).toBe(true);
    await act(() => one.runs.loadMoreHistory());
    expect(history.runs.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, i) => `run-${60 - i}`));
    expect(history.hasMore).toBe(false);
    await one.runs.execute();
    browser.server.announce({ type: "runs", id: "run-61", status: "running" });
    await act(() => until(() => expect(history.runs[0]?.id).toBe("run-61")));
  });
});
