import { describe, expect, it } from "vitest";
import { active, Browser, type TestPage, until, workflowWith } from "@/state/test_page";

const browser = new Browser();
const puts = () => browser.server.asked.filter((one) => one.startsWith("PUT"));

describe("a conflict", () => {
  async function inConflict(): Promise<TestPage> {
    const one = await browser.pageWithW();
    one.type("mine");
    browser.server.change("w", workflowWith("theirs"));
    await until(() => expect(active(one)?.status).toBe("conflict"));
    return one;
  }

  it("keeps both texts and overwrites nothing", async () => {
    const one = await inConflict();
    expect(one.typed()).toBe("mine");
    expect(active(one)?.conflict?.theirs?.workflow.nodes.get("a")?.data.text).toBe("theirs");
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
    one.type("still mine");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
    expect(active(one)?.status).toBe("conflict");
  });

  it("is settled by keeping mine, which replaces what was looked at and nothing newer", async () => {
    const one = await inConflict();
    const id = active(one)?.id ?? "";
    const revision = browser.server.workflows.get("w")?.revision;
    browser.server.change("w", workflowWith("theirs, later"));
    // The question is asked again with what is there now.
    await until(() => expect(active(one)?.conflict?.theirs?.revision).not.toBe(revision));
    expect(await one.session.keepMine(id)).toBe("saved");
    expect(browser.server.workflow("w")).toEqual(workflowWith("mine"));
    expect(active(one)).toMatchObject({ status: "saved", conflict: null });
  });

  it("is settled by taking theirs, and mine is one step back", async () => {
    const one = await inConflict();
    one.session.takeTheirs(active(one)?.id ?? "");
    expect(one.typed()).toBe("theirs");
    expect(active(one)).toMatchObject({ status: "saved", conflict: null });
    one.session.undo();
    expect(one.typed()).toBe("mine");
  });

  it("is settled by saving mine as a copy", async () => {
    const one = await inConflict();
    expect(await one.session.save(active(one)?.id ?? "", "w2")).toBe("saved");
    expect(active(one)).toMatchObject({ name: "w2", status: "saved", conflict: null });
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
    expect(browser.server.workflow("w2")).toEqual(workflowWith("mine"));
  });

  it("is asked about when the file was deleted, and keeping mine makes it again", async () => {
    const one = await browser.pageWithW();
    one.type("mine");
    browser.server.change("w", null);
    await until(() => expect(active(one)?.conflict).toEqual({ theirs: null }));
    expect(await one.session.keepMine(active(one)?.id ?? "")).toBe("saved");
    expect(browser.server.workflow("w")).toEqual(workflowWith("mine"));
  });

  it("is there at once when the file is broken elsewhere, although nothing was typed here", async () => {
    const one = await browser.pageWithW();
    browser.server.breakFile("w");
    await until(() => expect(active(one)?.status).toBe("conflict"));
    expect(active(one)?.conflict?.theirs).toMatchObject({ isReadable: false });
    expect(one.typed()).toBe("first");
    expect(await one.session.keepMine(active(one)?.id ?? "")).toBe("saved");
    expect(browser.server.workflow("w")).toEqual(workflowWith("first"));
  });

  it.each(["first", "second"])("is over when the broken file is repaired (%s)", async (text) => {
    const one = await browser.pageWithW();
    browser.server.breakFile("w");
    await until(() => expect(active(one)?.status).toBe("conflict"));
    browser.server.change("w", workflowWith(text));
    await until(() => expect(active(one)).toMatchObject({ status: "saved", conflict: null }));
    expect(one.typed()).toBe(text);
  });

  it("with a broken file keeps what is typed meanwhile, and asks again once it is repaired", async () => {
    const one = await browser.pageWithW();
    browser.server.breakFile("w");
    await until(() => expect(active(one)?.status).toBe("conflict"));
    one.type("mine");
    browser.server.change("w", workflowWith("theirs"));
    await until(() => expect(active(one)?.conflict?.theirs?.isReadable).toBe(true));
    expect(one.typed()).toBe("mine");
    expect(active(one)?.status).toBe("conflict");
  });

  it("with a deleted file is settled by closing the tab", async () => {
    const one = await browser.pageWithW();
    browser.server.change("w", null);
    await until(() => expect(active(one)?.conflict).toEqual({ theirs: null }));
    one.session.takeTheirs(active(one)?.id ?? "");
    await until(() => expect(active(one)?.name).toBeNull());
    expect(browser.server.workflows.has("w")).toBe(false);
  });

  it("is none when the server has what we have: its answer got lost", async () => {
    const one = await browser.pageWithW();
    one.type("mine");
    browser.server.losesAnswer = true;
    expect(await one.session.save(active(one)?.id ?? "")).toBe("offline");
    await until(() => expect(active(one)?.status).toBe("saved"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("mine"));
    expect(puts()).toHaveLength(2);
  });
});
