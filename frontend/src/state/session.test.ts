import { describe, expect, it } from "vitest";
import { parseWorkflow } from "@/graph/file";
import { active, Browser, until, workflowWith } from "@/state/test_page";

const browser = new Browser();
const puts = () => browser.server.asked.filter((one) => one.startsWith("PUT"));

describe("a named workflow", () => {
  it("is saved a moment after the last edit, once", async () => {
    const one = await browser.pageWithW();
    expect(active(one)?.status).toBe("saved");
    for (const text of ["s", "se", "sec", "second"]) one.type(text);
    expect(active(one)?.status).toBe("unsaved");
    await until(() => expect(active(one)?.status).toBe("saved"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("second"));
    expect(puts()).toHaveLength(1);
    expect(active(one)?.revision).toBe(browser.server.workflows.get("w")?.revision);
  });

  it("is saved again when it was edited while it was being saved", async () => {
    const one = await browser.pageWithW();
    one.type("second");
    browser.server.mode = "slow";
    const saving = one.session.save(active(one)?.id ?? "");
    await until(() => expect(puts()).toHaveLength(1));
    expect(active(one)?.status).toBe("saving");
    one.type("third");
    browser.server.release();
    await saving;
    expect(active(one)?.status).toBe("unsaved");
    await until(() => expect(active(one)?.status).toBe("saved"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("third"));
  });

  it("is reloaded in place when it changes outside and nothing is unsaved here", async () => {
    const one = await browser.pageWithW();
    const document = one.session.activeDocument();
    browser.server.change("w", workflowWith("from outside"));
    await until(() => expect(one.typed()).toBe("from outside"));
    expect(one.session.activeDocument()).toBe(document);
    expect(active(one)?.status).toBe("saved");
    expect(document?.undo()?.label).toBe("Changed outside");
    expect(one.typed()).toBe("first");
    // Going back is an edit like any other.
    await until(() => expect(browser.server.workflow("w")).toEqual(workflowWith("first")));
  });

  it("is not touched by the news of its own save", async () => {
    const one = await browser.pageWithW();
    one.type("second");
    await until(() => expect(active(one)?.status).toBe("saved"));
    browser.server.asked.length = 0;
    browser.server.announce({ type: "workflow", name: "w", revision: active(one)?.revision ?? "" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(browser.server.asked.filter((asked) => asked.includes("workflows/w"))).toEqual([]);
  });

  it("catches up with what it missed while the connection was lost", async () => {
    const one = await browser.pageWithW();
    browser.server.goAway();
    browser.server.change("w", workflowWith("from outside"));
    browser.server.comeBack();
    await until(() => expect(one.typed()).toBe("from outside"));
  });
});

describe("a server that is away", () => {
  it("gets the edits when it is back", async () => {
    const one = await browser.pageWithW();
    browser.server.goAway();
    one.type("typed offline");
    await until(() => expect(active(one)?.status).toBe("offline"));
    one.type("typed later");
    browser.server.comeBack();
    await until(() => expect(active(one)?.status).toBe("saved"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("typed later"));
  });

  it("does not overwrite what changed meanwhile", async () => {
    const one = await browser.pageWithW();
    browser.server.goAway();
    one.type("mine");
    await until(() => expect(active(one)?.status).toBe("offline"));
    browser.server.change("w", workflowWith("theirs"));
    browser.server.comeBack();
    await until(() => expect(active(one)?.status).toBe("conflict"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
  });
});

describe("saving under a name", () => {
  it("makes a workflow of an unnamed one", async () => {
    const one = await browser.page();
    expect(active(one)).toMatchObject({ name: null, status: "saved" });
    one.session.newTab(parseWorkflow(workflowWith("new")));
    expect(active(one)).toMatchObject({ name: null, status: "unsaved" });
    expect(await one.session.save(active(one)?.id ?? "", "mine")).toBe("saved");
    expect(active(one)).toMatchObject({ name: "mine", status: "saved" });
    expect(browser.server.workflow("mine")).toEqual(workflowWith("new"));
  });

  it("refuses what is no name", async () => {
    const one = await browser.page();
    expect(await one.session.save(active(one)?.id ?? "", "a/b")).toBe("refused");
    expect(active(one)).toMatchObject({ name: null, problem: expect.stringContaining("“/”") });
  });

  it("changes nothing when the name is taken", async () => {
    browser.server.change("taken", workflowWith("theirs"));
    const one = await browser.page();
    one.session.newTab(parseWorkflow(workflowWith("new")));
    expect(await one.session.save(active(one)?.id ?? "", "taken")).toBe("taken");
    expect(active(one)).toMatchObject({ name: null, status: "unsaved", conflict: null });
    expect(browser.server.workflow("taken")).toEqual(workflowWith("theirs"));
  });
});

describe("tabs", () => {
  it("come back after a reload, in order and with the same one active", async () => {
    browser.server.change("v", workflowWith("v"));
    browser.server.change("w", workflowWith("w"));
    const one = await browser.page();
    await one.session.openWorkflow("v");
    await one.session.openWorkflow("w");
    await one.session.openWorkflow("v");
    one.crash();
    const again = await browser.page();
    expect(again.tabs().map(({ name }) => name)).toEqual(["v", "w"]);
    expect(active(again)?.name).toBe("v");
  });

  it("are opened as soon as the server is back", async () => {
    const one = await browser.pageWithW();
    one.crash();
    browser.server.goAway();
    const again = await browser.page();
    expect(again.tabs().map(({ name }) => name)).toEqual([null]);
    browser.server.comeBack();
    await until(() => expect(again.tabs().map(({ name }) => name)).toContain("w"));
  });

  it("open a workflow once", async () => {
    const one = await browser.pageWithW();
    const ids = await Promise.all([one.session.openWorkflow("w"), one.session.openWorkflow("w")]);
    expect(new Set(ids).size).toBe(1);
    expect(one.tabs().filter(({ name }) => name === "w")).toHaveLength(1);
  });

  it("save what is unsaved when they are closed", async () => {
    const one = await browser.pageWithW();
    one.type("just before");
    await one.session.closeTab(active(one)?.id ?? "");
    expect(browser.server.workflow("w")).toEqual(workflowWith("just before"));
    expect(one.tabs().some(({ name }) => name === "w")).toBe(false);
  });

  it("leave a draft when they are closed while the server is away", async () => {
    const one = await browser.pageWithW();
    browser.server.goAway();
    one.type("just before");
    await one.session.closeTab(active(one)?.id ?? "");
    browser.server.comeBack();
    await one.session.openWorkflow("w");
    expect(one.typed()).toBe("just before");
  });

  it("keep their selection while another one is active", async () => {
    const one = await browser.pageWithW();
    const { select, useSelection } = await import("@/state/selection");
    const id = active(one)?.id ?? "";
    select(["a"]);
    one.session.newTab();
    expect([...useSelection.getState().nodes]).toEqual([]);
    one.session.activate(id);
    expect([...useSelection.getState().nodes]).toEqual(["a"]);
  });
});
