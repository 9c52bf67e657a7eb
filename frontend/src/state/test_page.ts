/** A page of the editor for tests: all modules of the state, loaded anew, as a browser tab does. */

import { afterEach, beforeEach, expect, vi } from "vitest";
import type { JsonObject } from "@/graph/workflow";
import { giveLocks } from "@/state/fake_locks";
import { FakeServer } from "@/state/fake_server";

export type TestPage = Awaited<ReturnType<typeof openPage>>;

/** Opens a page. It shares storage, database and channels with the others, as pages of one browser do. */
export async function openPage(url: string) {
  vi.resetModules();
  vi.stubEnv("VITE_API_URL", url);
  const session = await import("@/state/session");
  const commands = await import("@/document/commands");
  const starting = await import("@/state/start");
  const machinery = await import("@/state/open_tabs");
  const stop = await starting.start();
  return {
    session,
    commands,
    stop,
    /** Closes it without a word, as a crash does. */
    crash() {
      for (const { stop } of machinery.allMachinery()) stop();
      stop();
    },
    tabs: () => session.useSession.getState().tabs,
    /** Types a value into the node "a" of the active workflow. */
    type(value: string) {
      const document = session.activeDocument();
      if (document) commands.setValue(document, "a", "text", value);
    },
    /** What is typed there. */
    typed: () => session.activeDocument()?.workflow.nodes.get("a")?.data.text,
  };
}

/** A workflow with the node "a", which has a text. */
export function workflowWith(text: string): JsonObject {
  return {
    version: 1,
    nodes: [{ id: "a", type: "functionNode", data: { functionName: "shout", text } }],
    edges: [],
    layout: { a: { x: 0, y: 0 } },
  };
}

/** A server and an empty browser for each test of a file, and pages in it. */
export class Browser {
  server = new FakeServer();
  takeLocks: () => void = () => undefined;
  private url = "";
  private pages: TestPage[] = [];

  constructor() {
    beforeEach(() => this.begin());
    afterEach(() => this.end());
  }

  async page(): Promise<TestPage> {
    const opened = await openPage(this.url);
    this.pages.push(opened);
    return opened;
  }

  /** A page with the workflow "w" of the server open. */
  async pageWithW(): Promise<TestPage> {
    this.server.change("w", workflowWith("first"));
    const opened = await this.page();
    await opened.session.openWorkflow("w");
    await until(() => expect(this.server.listenerCount).toBe(1));
    return opened;
  }

  private async begin(): Promise<void> {
    sessionStorage.clear();
    localStorage.clear();
    vi.stubGlobal("indexedDB", new IDBFactory());
    this.takeLocks = giveLocks();
    this.server = new FakeServer();
    this.url = await this.server.open();
    this.pages = [];
  }

  private async end(): Promise<void> {
    for (const page of this.pages) page.crash();
    await this.server.close();
    this.takeLocks();
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  }
}

export const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
export const active = ({ session }: TestPage) => session.activeTab();
