/** The machinery behind each open tab: its document, what saves it, and what keeps its draft. */

import { WorkflowDocument } from "@/document/document";
import type { Workflow } from "@/graph/workflow";
import { DraftWriter } from "@/state/draft_writer";
import { keepExisting, useSelection } from "@/state/selection";
import { type Tab, useSession } from "@/state/session_store";
import { TabSaver } from "@/state/tab_saver";

export interface OpenTab {
  readonly saver: TabSaver;
  readonly drafts: DraftWriter;
  stop(): void;
}

export interface Opening {
  readonly workflow: Workflow;
  readonly name: string | null;
  readonly revision: string | null;
  /** True when the server, or nobody, has more than an empty canvas to lose. */
  readonly isSaved: boolean;
  readonly id?: string;
  readonly recovered?: boolean;
}

const open = new Map<string, OpenTab>();
let page: string = crypto.randomUUID();

/** Says which page this is, before the first tab is opened; see pages.ts. */
export function setPage(id: string): void {
  page = id;
}

export function thisPage(): string {
  return page;
}

export function machineryOf(id: string): OpenTab | undefined {
  return open.get(id);
}

export function allMachinery(): IterableIterator<OpenTab> {
  return open.values();
}

/** Adds a tab at the end. Returns its id. */
export function addTab({ workflow, name, revision, isSaved, id, recovered = false }: Opening): string {
  const document = new WorkflowDocument(workflow);
  const tab: Tab = {
    id: id ?? crypto.randomUUID(),
    name,
    document,
    status: isSaved ? "saved" : "unsaved",
    revision,
    conflict: null,
    recovered,
    problem: "",
  };
  open.set(tab.id, machinery(tab, isSaved));
  useSession.setState(({ tabs }) => ({ tabs: [...tabs, tab] }));
  return tab.id;
}

/** Takes a tab out, without saving anything. */
export function removeTab(id: string): void {
  open.get(id)?.stop();
  open.delete(id);
  useSession.setState(({ tabs }) => ({ tabs: tabs.filter((tab) => tab.id !== id) }));
}

function machinery({ id, document }: Tab, isSaved: boolean): OpenTab {
  const drafts = new DraftWriter(id, page);
  const saver = new TabSaver(id, isSaved ? document.workflow : null, () => void drafts.drop());
  const isActive = () => useSession.getState().activeId === id;
  document.selection = () => (isActive() ? [...useSelection.getState().nodes] : []);
  const unsubscribe = document.subscribe(() => {
    if (isActive()) keepExisting(document.workflow);
    if (saver.noteEdit()) drafts.touch();
  });
  return {
    saver,
    drafts,
    stop() {
      unsubscribe();
      saver.stop();
      drafts.stop();
    },
  };
}
