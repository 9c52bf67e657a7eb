// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Chance } from "@/graph/random_cases";
import { applyEvents, ended, isOver, newRun, type RunEvent, type RunState } from "@/state/run_state";

const FOLDER = new URL("../../fixtures/runs/", import.meta.url);

interface Recorded {
  readonly name: string;
  readonly status: string;
  readonly events: readonly RunEvent[];
}

const recorded: readonly Recorded[] = readdirSync(FOLDER).map((file) => ({
  name: file.replace(".json", ""),
  ...JSON.parse(readFileSync(new URL(file, FOLDER), "utf-8")),
}));
const stream = (name: string) => recorded.find((one) => one.name === name)?.events ?? [];
const whole = (events: readonly RunEvent[]) => applyEvents(newRun("r"), events);
const event = (seq: number, type: string, node: string | null, fields = {}): RunEvent => ({
  seq,
  at: 0,
  type,
  node,
  ...fields,
});

/** Cuts a stream into batches of random sizes. */
function batches(events: readonly RunEvent[], chance: Chance): RunEvent[][] {
  const parts: RunEvent[][] = [];
  for (let from = 0; from < events.length; ) {
    const size = 1 + chance.below(chance.happens(0.5) ? 3 : 40);
    parts.push(events.slice(from, from + size));
    from += size;
  }
  return parts;
}

function shuffled<Item>(items: readonly Item[], chance: Chance): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(chance.below(left.length), 1));
}

describe.each(recorded)("the recorded run $name", ({ events, status }) => {
  it("ends as the server says", () => {
    expect(whole(events)).toMatchObject({ status, lastSeq: events.length - 1 });
    expect(isOver(whole(events))).toBe(true);
    expect([...whole(events).nodes.values()].map(({ number }) => number)).toEqual(
      [...whole(events).nodes.keys()].map((_, index) => index + 1),
    );
  });

  it("is the same however its events are batched, mixed within a batch, and repeated", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const chance = new Chance(seed);
      let run = newRun("r");
      const before: RunEvent[] = [];
      for (const batch of batches(events, chance)) {
        before.push(...batch);
        run = applyEvents(run, shuffled([...batch, ...chance.some(before, 0.2)], chance));
      }
      expect(run).toEqual(whole(events));
    }
  });

  it("is the same when it is cut off anywhere and resumed, with an overlap or from the beginning", () => {
    for (let cut = 0; cut <= events.length; cut += Math.ceil(events.length / 25)) {
      const first = applyEvents(newRun("r"), events.slice(0, cut));
      expect(applyEvents(first, events.slice(Math.max(0, cut - 5)))).toEqual(whole(events));
      expect(applyEvents(first, events)).toEqual(whole(events));
    }
  });

  it("changes nothing once everything is known", () => {
    const run = whole(events);
    expect(applyEvents(run, events)).toBe(run);
    expect(applyEvents(run, [])).toBe(run);
  });

  it("keeps what a batch is not about as the same objects", () => {
    let run = newRun("r");
    for (const one of events) {
      const next = applyEvents(run, [one]);
      for (const [id, node] of run.nodes) if (id !== one.node) expect(next.nodes.get(id)).toBe(node);
      run = next;
    }
  });
});

describe("the state of a run", () => {
  it("has values, time and cause of each node", () => {
    const { nodes, status } = whole(stream("failing"));
    expect(status).toBe("failed");
    expect(nodes.get("shout")).toMatchObject({
      status: "done",
      output: "HELLO",
      logs: [{ stream: "stdout", text: "hello\n" }],
    });
    expect(nodes.get("fail")).toMatchObject({
      status: "failed",
      failure: { message: "no luck", type: "ValueError", port: null },
    });
    expect(nodes.get("view")).toMatchObject({ status: "skipped", because: "fail" });
  });

  it("has the nodes that failed in one place, which stays the same until another one does", () => {
    const before = whole([event(0, "task-started", "a"), event(1, "task-started", "b")]);
    const one = applyEvents(before, [event(2, "task-failed", "b", { error: "no luck" })]);
    const still = applyEvents(one, [event(3, "task-progress", "a", { fraction: 0.5 })]);
    const both = applyEvents(still, [event(4, "task-failed", "a", { error: "no" })]);
    expect(before.failed.size).toBe(0);
    expect([...one.failed].map(([id, { failure }]) => [id, failure?.message])).toEqual([["b", "no luck"]]);
    expect(still.failed).toBe(one.failed);
    expect(ended(still, "lost", 1).failed).toBe(one.failed);
    expect([...both.failed.keys()], "in the order in which they began").toEqual(["a", "b"]);
  });

  it("says that results were reused, and from where", () => {
    expect(whole(stream("reused")).nodes.get("View")).toMatchObject({
      status: "done",
      output: 48,
      cached: true,
      why: "from memory",
    });
    expect(whole(stream("worked_example")).nodes.get("View")).toMatchObject({ cached: false });
  });

  it("puts streamed text together without losing a character", () => {
    const events = stream("streaming");
    const chunks = events.filter(({ type, node }) => type === "task-streamed" && node === "story");
    expect(whole(events).nodes.get("story")?.text).toBe(chunks.map(({ chunk }) => chunk).join(""));
    expect(chunks.length).toBeGreaterThan(10);
  });

  it("shows how far a node is while it runs", () => {
    const seq = stream("streaming").findIndex(({ type }) => type === "task-progress");
    const { nodes } = whole(stream("streaming").slice(0, seq + 1));
    expect(nodes.get("count")).toMatchObject({ status: "running", progress: expect.any(Number) });
  });

  it("takes merged events, whose numbers leave gaps", () => {
    const run = whole([
      event(0, "run-started", null),
      event(4, "task-streamed", "a", { chunk: "one " }),
      event(9, "task-streamed", "a", { chunk: "two" }),
    ]);
    expect(run.nodes.get("a")?.text).toBe("one two");
    expect(run.lastSeq).toBe(9);
  });

  it("keeps the last lines of a node that prints without end, and the run's own", () => {
    const lines = Array.from({ length: 6_000 }, (_, seq) =>
      event(seq, "task-output", seq % 2 ? "a" : null, { stream: "stderr", text: `${seq}` }),
    );
    const more = Array.from({ length: 6_000 }, (_, seq) =>
      event(6_000 + seq, "task-output", "a", { stream: "log", text: `${6_000 + seq}` }),
    );
    const run = applyEvents(whole(lines), more);
    expect(run.logs).toHaveLength(3_000);
    expect(run.nodes.get("a")?.logs).toHaveLength(5_000);
    expect(run.nodes.get("a")?.logs.at(-1)).toEqual({ stream: "log", text: "11999" });
  });

  it("ignores events of kinds that it does not know", () => {
    const run = whole([event(0, "run-paused", null), event(1, "task-blessed", "a")]);
    expect(run.status).toBe("queued");
    expect(run.nodes.get("a")).toEqual({ status: "queued", number: 1, logs: [] });
  });

  it("leaves nothing going on when the server lost it", () => {
    const half = whole(stream("cancelled").slice(0, 20));
    const lost = ended(half, "lost", 1.5);
    expect(lost).toMatchObject({ status: "lost", seconds: 1.5 });
    expect([...lost.nodes.values()].map(({ status }) => status)).not.toContain("running");
    expect([...lost.nodes.values()].map(({ status }) => status)).toContain("done");
  });

  it("takes 100,000 events in frames of a thousand in good time", () => {
    const events = Array.from({ length: 100_000 }, (_, seq) =>
      event(seq, "task-progress", `node-${seq % 1_000}`, { fraction: seq / 100_000 }),
    );
    const begin = performance.now();
    let run: RunState = newRun("r");
    for (let from = 0; from < events.length; from += 1_000) {
      run = applyEvents(run, events.slice(from, from + 1_000));
    }
    expect(run.nodes.size).toBe(1_000);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
