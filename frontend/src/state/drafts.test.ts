import { describe, expect, it, vi } from "vitest";
import { parseWorkflow } from "@/graph/file";
import { active, Browser, until, workflowWith } from "@/state/test_page";

const browser = new Browser();

describe("drafts", () => {
  it("come back after a crash of the page, as unsaved tabs", async () => {
    const one = await browser.pageWithW();
    one.type("never saved");
    await new Promise((resolve) => setTimeout(resolve, 100));
    one.crash();
    const again = await browser.page();
    expect(again.tabs()).toHaveLength(1);
    expect(active(again)).toMatchObject({ name: "w", status: "unsaved", recovered: true });
    expect(again.typed()).toBe("never saved");
    again.type("saved now");
    await until(() => expect(browser.server.workflow("w")).toEqual(workflowWith("saved now")));
  });

  it("come back although the server is away", async () => {
    const one = await browser.pageWithW();
    one.type("never saved");
    await one.session.flushDrafts();
    one.crash();
    browser.server.goAway();
    const again = await browser.page();
    expect(again.typed()).toBe("never saved");
    expect(active(again)?.status).toBe("offline");
    browser.server.comeBack();
    await until(() => expect(browser.server.workflow("w")).toEqual(workflowWith("never saved")));
  });

  it("do not overwrite what is newer on the server", async () => {
    const one = await browser.pageWithW();
    one.type("mine");
    await one.session.flushDrafts();
    one.crash();
    browser.server.change("w", workflowWith("theirs"));
    const again = await browser.page();
    expect(again.typed()).toBe("mine");
    again.type("mine again");
    await until(() => expect(active(again)?.status).toBe("conflict"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
  });

  it("are found by a new page when the browser was closed", async () => {
    const one = await browser.page();
    one.session.newTab(parseWorkflow(workflowWith("unnamed")));
    await one.session.flushDrafts();
    one.crash();
    sessionStorage.clear();
    const again = await browser.page();
    expect(again.typed()).toBe("unnamed");
    expect(active(again)).toMatchObject({ name: null, status: "unsaved", recovered: true });
  });

  it("are written within 100 ms", async () => {
    const one = await browser.pageWithW();
    one.type("quick");
    expect(one.session.isEverythingKept()).toBe(false);
    await vi.waitFor(() => expect(one.session.isEverythingKept()).toBe(true), { timeout: 100, interval: 5 });
  });

  it("are written at once when the page is left", async () => {
    const one = await browser.pageWithW();
    one.type("last words");
    dispatchEvent(new Event("pagehide"));
    one.crash();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const again = await browser.page();
    expect(again.typed()).toBe("last words");
  });

  it("that the browser refuses are told about, and edits still reach the server", async () => {
    const open = () => {
      throw new Error("not in this mode");
    };
    vi.stubGlobal("indexedDB", { open });
    const one = await browser.pageWithW();
    one.type("second");
    await until(() => expect(one.session.useSession.getState().draftProblem).toMatch(/keeps no drafts/));
    expect(one.session.isEverythingKept()).toBe(false);
    await until(() => expect(browser.server.workflow("w")).toEqual(workflowWith("second")));
    await until(() => expect(one.session.isEverythingKept()).toBe(true));
  });

  it("are gone once the server has everything", async () => {
    const one = await browser.pageWithW();
    one.type("second");
    await until(() => expect(active(one)?.status).toBe("saved"));
    await one.session.flushDrafts();
    const { allDrafts } = await import("@/state/drafts");
    expect(await allDrafts()).toEqual([]);
  });

  it("that differ in nothing from the server are no drafts", async () => {
    const one = await browser.pageWithW();
    one.type("mine");
    await one.session.flushDrafts();
    one.crash();
    browser.server.change("w", workflowWith("mine"));
    const again = await browser.page();
    expect(active(again)).toMatchObject({ status: "saved", recovered: false });
  });
});

describe("two pages", () => {
  it.each(["with locks", "without locks"])(
    "do not fight over a draft of a duplicated browser tab, %s",
    async (how) => {
      if (how === "without locks") browser.takeLocks();
      const one = await browser.pageWithW();
      one.type("mine");
      await one.session.flushDrafts();
      // The duplicate begins with a copy of the first one's session storage.
      const two = await browser.page();
      expect(two.tabs().map(({ name }) => name)).toEqual(["w"]);
      expect(active(two)?.id).not.toBe(active(one)?.id);
      expect(two.typed()).toBe("first");
      expect(one.typed()).toBe("mine");
    },
  );

  it("see each other's saves", async () => {
    const one = await browser.pageWithW();
    sessionStorage.clear();
    const two = await browser.page();
    await two.session.openWorkflow("w");
    one.type("from one");
    await until(() => expect(two.typed()).toBe("from one"));
    expect(active(two)?.status).toBe("saved");
  });

  it("that both edit come to a conflict, not to a loss", async () => {
    const one = await browser.pageWithW();
    sessionStorage.clear();
    const two = await browser.page();
    await two.session.openWorkflow("w");
    one.type("from one");
    two.type("from two");
    const states = () => [active(one)?.status, active(two)?.status].sort();
    await until(() => expect(states()).toEqual(["conflict", "saved"]));
  });
});
