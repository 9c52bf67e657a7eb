import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { finished } from "@/state/fake_server";
import { Browser, until } from "@/state/test_page";
import { done, event, pageToRun, WHOLE } from "@/state/test_runs";

const browser = new Browser();
afterEach(cleanup);

describe("a run", () => {
  it("is started with the workflow and followed to its end", async () => {
    const one = await pageToRun(browser);
    expect(await one.runs.execute({ env: { KEY: "x" } })).toBe(true);
    expect(browser.server.runs.get("run-1")?.request).toMatchObject({
      workflow: { nodes: [{ id: "a" }, { id: "b" }, { id: "view" }, { id: "c" }] },
      workflow_id: "w",
      targets: [],
      cache: "reuse",
      env: { KEY: "x" },
    });
    expect(one.node("a")?.status).toBe("queued");
    expect(await one.runs.execute()).toBe(false);
    browser.server.tell("run-1", WHOLE.slice(0, 2));
    await until(() => expect(one.node("a")).toMatchObject({ status: "done", output: "A" }));
    expect(one.node("b")?.status).toBe("queued");
    browser.server.tell("run-1", WHOLE.slice(2));
    await until(() => expect(one.shown()?.status).toBe("succeeded"));
    expect([...(one.shown()?.nodes.keys() ?? [])]).toEqual(["a", "b", "view", "c"]);
  });

  it("goes on where the connection broke", async () => {
    const one = await pageToRun(browser);
    await one.runs.execute();
    browser.server.tell("run-1", WHOLE.slice(0, 3));
    await until(() => expect(one.node("b")?.status).toBe("done"));
    browser.server.goAway();
    browser.server.tell("run-1", WHOLE.slice(3, 4));
    await until(() => expect(one.store.runsOf().isConnected).toBe(false));
    browser.server.comeBack();
    browser.server.tell("run-1", WHOLE.slice(4));
    await until(() => expect(one.shown()?.status).toBe("succeeded"));
    expect(one.store.runsOf().isConnected).toBe(true);
    expect(one.shown()?.lastSeq).toBe(5);
  });

  it("is stopped", async () => {
    const one = await pageToRun(browser);
    await one.runs.execute();
    browser.server.tell("run-1", WHOLE.slice(0, 1));
    await one.runs.stop();
    await until(() => expect(one.shown()?.status).toBe("cancelled"));
  });

  it("is found again after a reload, and replayed", async () => {
    const one = await pageToRun(browser);
    await one.runs.execute();
    browser.server.tell("run-1", WHOLE.slice(0, 3));
    await until(() => expect(one.node("b")?.status).toBe("done"));
    one.crash();
    const again = await pageToRun(browser);
    await until(() => expect(again.node("b")).toMatchObject({ status: "done", output: "B" }));
    expect(again.node("c")?.status).toBe("queued");
    browser.server.tell("run-1", WHOLE.slice(3));
    await until(() => expect(again.shown()?.status).toBe("succeeded"));
    again.type("changed");
    await until(() => expect([...again.store.runsOf().stale]).toEqual(["a", "b", "view"]));
  });

  it("that the server lost says so, and leaves nothing running", async () => {
    const one = await pageToRun(browser);
    await one.runs.execute();
    browser.server.tell("run-1", [...WHOLE.slice(0, 2), event(2, "task-started", "b")]);
    await until(() => expect(one.node("b")?.status).toBe("running"));
    browser.server.describe("run-1", { status: "lost", seconds: 3 });
    browser.server.goAway();
    browser.server.comeBack();
    await until(() => expect(one.shown()?.status).toBe("lost"));
    expect(one.node("a")?.status).toBe("done");
    expect(one.node("b")?.status).toBe("cancelled");
  });

  it("that the server does not know any more is over", async () => {
    const one = await pageToRun(browser);
    await one.runs.openRun("gone");
    await until(() => expect(one.shown()?.status).toBe("lost"));
    expect(one.store.runsOf().problem).toMatch(/does not have this run/);
  });

  it("that cannot be started says why", async () => {
    const one = await pageToRun(browser);
    browser.server.goAway();
    expect(await one.runs.execute()).toBe(false);
    expect(one.store.runsOf().problem).toBe("The server cannot be reached.");
  });

  it("shows its place in the queue until it begins", async () => {
    const one = await pageToRun(browser);
    browser.server.queueLength = 2;
    await one.runs.execute();
    expect(one.shown()).toMatchObject({ status: "queued", queuePosition: 2 });
    browser.server.describe("run-1", { queue_position: 1 });
    await until(() => expect(one.shown()?.queuePosition).toBe(1));
    browser.server.tell("run-1", WHOLE.slice(0, 1));
    await until(() => expect(one.shown()).toMatchObject({ status: "running", queuePosition: 0 }));
  });
});

describe("results", () => {
  async function afterRun() {
    const one = await pageToRun(browser);
    await one.runs.execute();
    browser.server.tell("run-1", WHOLE);
    await until(() => expect(one.shown()?.status).toBe("succeeded"));
    return one;
  }

  it("are stale behind an edit, and fresh again when it is undone", async () => {
    const one = await afterRun();
    const stale = () => [...one.store.runsOf().stale];
    expect(stale()).toEqual([]);
    one.type("two");
    await until(() => expect(stale()).toEqual(["a", "b", "view"]));
    one.session.undo();
    await until(() => expect(stale()).toEqual([]));
  });

  it("of an earlier run stay with the nodes that a later one leaves out", async () => {
    const one = await afterRun();
    one.type("two");
    await until(() => expect(one.store.runsOf().stale.size).toBe(3));
    await one.runs.execute({ targets: ["b"] });
    expect(one.node("a")?.status).toBe("queued");
    expect(one.node("c")).toMatchObject({ status: "done", output: "C" });
    browser.server.tell("run-2", [done(0, "a", "A2"), done(1, "b", "B2"), finished(2, "succeeded")]);
    await until(() => expect(one.shown()?.status).toBe("succeeded"));
    expect(one.node("a")?.output).toBe("A2");
    expect(one.node("view")?.output).toBe("B");
    await until(() => expect([...one.store.runsOf().stale]).toEqual(["view"]));
  });

  it.each([
    ["Diagnostic", undefined],
    ["ValueError", "failed"],
  ] as const)("are gone with an edit where only a check had spoken (%s)", async (type, after) => {
    const one = await pageToRun(browser);
    await one.runs.execute();
    const failed = event(1, "task-failed", "b", { error: "an input is not set", error_type: type });
    browser.server.tell("run-1", [done(0, "a", "A"), failed, finished(2, "failed")]);
    await until(() => expect(one.node("b")?.failure?.type).toBe(type));
    expect(one.node("b")?.status).toBe("failed");
    one.type("two");
    await until(() => expect(one.node("b")?.status).toBe(after));
    one.session.undo();
    await until(() => expect(one.node("b")?.status).toBe("failed"));
  });

  it("belong to their tab", async () => {
    const one = await afterRun();
    const id = one.session.activeTab()?.id ?? "";
    one.session.newTab();
    expect(one.node("a")).toBeUndefined();
    one.session.activate(id);
    expect(one.node("a")?.output).toBe("A");
  });

  it("of a run out of the history are shown alone, until the own run is back", async () => {
    const one = await afterRun();
    await one.runs.execute({ targets: ["a"] });
    browser.server.tell("run-2", [done(0, "a", "A2"), finished(1, "succeeded")]);
    await until(() => expect(one.node("a")?.output).toBe("A2"));
    await one.runs.openRun("run-1");
    await until(() => expect(one.node("a")?.output).toBe("A"));
    expect(one.shown()?.id).toBe("run-1");
    await one.runs.openRun(null);
    await until(() => expect(one.node("a")?.output).toBe("A2"));
    expect(one.shown()?.id).toBe("run-2");
  });

  it("say what went into a node", async () => {
    const one = await afterRun();
    function Inputs({ id }: { readonly id: string }) {
      return <p>{JSON.stringify([...one.runs.useNodeInputs(id)])}</p>;
    }
    render(
      <>
        <Inputs id="a" />
        <Inputs id="b" />
      </>,
    );
    expect(screen.getByText('[["text","one"]]')).toBeTruthy();
    expect(screen.getByText('[["text","A"]]')).toBeTruthy();
  });
});
