import { act, cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EMPTY_WORKFLOW } from "@/graph/workflow";
import { commands, registerCommands, runCommand } from "@/state/commands_table";
import { clear, keepExisting, select, toggle, useSelection } from "@/state/selection";
import { Browser, until, workflowWith } from "@/state/test_page";

describe("the selection", () => {
  afterEach(clear);

  it("is what was selected last", () => {
    select(["a", "b"]);
    select({ nodes: ["b"], notes: ["n"] });
    expect(useSelection.getState()).toEqual({
      nodes: new Set(["b"]),
      edges: new Set(),
      notes: new Set(["n"]),
    });
    toggle("c");
    toggle("b");
    expect([...useSelection.getState().nodes]).toEqual(["c"]);
  });

  it("tells nobody when it stays the same", () => {
    select(["a"]);
    const heard = vi.fn();
    const stop = useSelection.subscribe(heard);
    select(["a"]);
    expect(heard).not.toHaveBeenCalled();
    clear();
    clear();
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
  });

  it("forgets what is not there any more", () => {
    select(["a"]);
    keepExisting(EMPTY_WORKFLOW);
    expect(useSelection.getState().nodes.size).toBe(0);
  });
});

describe("the table of commands", () => {
  it("has each command once, runs those that can be used, and forgets those taken out", () => {
    const run = vi.fn();
    const usable = { id: "x", title: "Do it", group: "Test", run };
    const remove = registerCommands([usable, { ...usable, id: "y", when: () => false }]);
    registerCommands([{ ...usable, title: "Do it again" }])();
    expect(commands().map(({ id }) => id)).toEqual(["y"]);
    registerCommands([usable]);
    expect([runCommand("x"), runCommand("y"), runCommand("z")]).toEqual([true, false, false]);
    expect(run).toHaveBeenCalledTimes(1);
    remove();
    expect(commands().map(({ id }) => id)).toEqual([]);
  });
});

describe("the settings", () => {
  afterEach(() => localStorage.clear());

  const fresh = async () => {
    vi.resetModules();
    return import("@/state/settings");
  };

  it("are there again the next time", async () => {
    const { setSettings, setSize } = await fresh();
    setSettings({ theme: "dark" });
    setSize("library", 300);
    const { useSettings } = await fresh();
    expect(useSettings.getState()).toMatchObject({ theme: "dark", snap: true, sizes: { library: 300 } });
  });

  it.each(["", "[]", "{", '{"theme": 3, "sizes": {"a": "b"}, "snap": "no", "flags": null}'])(
    "are the usual ones where the browser keeps something else: %s",
    async (kept) => {
      localStorage.setItem("psynapse.settings", kept);
      const { useSettings, DEFAULTS } = await fresh();
      expect(useSettings.getState()).toEqual(DEFAULTS);
    },
  );

  it("follow those of other browser tabs", async () => {
    const { followSettings, useSettings } = await fresh();
    const stop = followSettings();
    localStorage.setItem("psynapse.settings", '{"theme":"light"}');
    dispatchEvent(new StorageEvent("storage", { key: "psynapse.settings" }));
    expect(useSettings.getState().theme).toBe("light");
    stop();
  });
});

describe("with a server", () => {
  const browser = new Browser();
  afterEach(cleanup);

  const schema = (name: string) => ({ name, ref: `pack/ops.py:${name}` });

  it("the catalog is loaded, and again when nodepacks change", async () => {
    browser.server.schemas = [schema("add")];
    await browser.page();
    const { catalogResource, currentCatalog } = await import("@/state/catalog");
    await until(() => expect(currentCatalog().schemas.map(({ name }) => name)).toEqual(["add"]));
    const before = currentCatalog();
    await catalogResource.refresh();
    expect(currentCatalog()).toBe(before);
    await until(() => expect(browser.server.listenerCount).toBe(1));
    browser.server.schemas = [schema("add"), schema("sub")];
    browser.server.announce({ type: "catalog", revision: "2" });
    await until(() => expect(currentCatalog().schemas).toHaveLength(2));
  });

  it("the catalog comes by itself when the server is away at first, and says when it will try again", async () => {
    browser.server.schemas = [schema("add")];
    browser.server.goAway();
    await browser.page();
    const { catalogResource, useCatalog } = await import("@/state/catalog");
    const state = () => catalogResource.store.getState();
    await until(() => expect(state().status).toBe("away"));
    expect(state().retryAt).toBeGreaterThan(Date.now());
    browser.server.comeBack();
    let seen: ReturnType<typeof useCatalog> | null = null;
    function Look() {
      seen = useCatalog();
      return null;
    }
    render(<Look />);
    await act(() => until(() => expect(seen).toMatchObject({ status: "ready", retryAt: null })));
  });

  it("workflows are checked after an edit, once, and only when the edit could matter", async () => {
    browser.server.change("w", workflowWith("one"));
    browser.server.diagnostics = (workflow) =>
      JSON.stringify(workflow).includes("bad")
        ? [
            {
              code: "conversion",
              severity: "error",
              message: "no",
              node: "a",
              port: "text",
              hint: "",
              pointer: "",
            },
          ]
        : [];
    const page = await browser.page();
    await page.session.openWorkflow("w");
    const { useNodeDiagnostics, useDiagnostics } = await import("@/state/diagnostics");
    const seen: unknown[] = [];
    function Look() {
      seen.push(useNodeDiagnostics("a").map(({ code }) => code));
      return <p>{useDiagnostics().length}</p>;
    }
    render(<Look />);
    await until(() => expect(checks().length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 100));
    browser.server.asked.length = 0;
    for (const text of ["b", "ba", "bad"]) page.type(text);
    await act(() => until(() => expect(seen.at(-1)).toEqual(["conversion"])));
    expect(checks()).toHaveLength(1);
    const document = page.session.activeDocument();
    if (document) page.commands.moveNodes(document, new Map([["a", { x: 5, y: 5 }]]));
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(checks()).toHaveLength(1);
    page.session.newTab();
    await act(() => until(() => expect(seen.at(-1)).toEqual([])));
  });

  const checks = () => browser.server.asked.filter((one) => one === "POST /validate");

  it("the list of workflows is kept up to date, and open tabs follow what is done in it", async () => {
    browser.server.change("w", workflowWith("one"));
    const page = await browser.page();
    await page.session.openWorkflow("w");
    const list = await import("@/state/workflow_list");
    let names: string[] = [];
    function Look() {
      names = list.useWorkflowList().workflows.map(({ name }) => name);
      return null;
    }
    render(<Look />);
    await act(() => until(() => expect(names).toEqual(["w"])));
    page.type("unsaved when it is renamed");
    await act(() => list.renameWorkflow("w", "v"));
    expect(page.session.activeTab()).toMatchObject({ name: "v", status: "saved", conflict: null });
    expect(browser.server.workflow("v")).toEqual(workflowWith("unsaved when it is renamed"));
    await act(() => list.duplicateWorkflow("v", "u"));
    expect(names.sort()).toEqual(["u", "v"]);
    await expect(list.renameWorkflow("v", "u")).rejects.toThrow("There is one of that name.");
    await act(() => list.deleteWorkflow({ name: "v", revision: page.session.activeTab()?.revision ?? "" }));
    await act(() => until(() => expect(names).toEqual(["u"])));
    expect(page.session.activeTab()?.name).toBeNull();
    browser.server.change("t", workflowWith("from outside"));
    await act(() => until(() => expect(names).toEqual(["u", "t"])));
  });

  it("other pages hear of it through one connection", async () => {
    const page = await browser.page();
    await until(() => expect(browser.server.listenerCount).toBe(1));
    sessionStorage.clear();
    await browser.page();
    const { useServer } = await import("@/state/server");
    await until(() => expect(useServer.getState()).toEqual({ status: "connected", bootId: "boot" }));
    expect(browser.server.listenerCount).toBe(1);
    page.crash();
    await until(() => expect(browser.server.listenerCount).toBe(1));
    browser.server.goAway();
    await until(() => expect(useServer.getState().status).toBe("away"));
    browser.server.comeBack();
    await until(() => expect(useServer.getState().status).toBe("connected"));
  });
});
