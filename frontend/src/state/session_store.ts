/** The open workflows as everybody sees them. Only the modules of the session change it. */

import { create } from "zustand";
import type { WorkflowDocument } from "@/document/document";
import type { Workflow } from "@/graph/workflow";

/** Whether a workflow is on the server as it is here. */
export type TabStatus = "saved" | "unsaved" | "saving" | "conflict" | "offline";

/** What the server has instead of what we based our edits on; `null` when the file was deleted. */
export interface Theirs {
  readonly revision: string;
  /** An empty one when its file cannot be read. */
  readonly workflow: Workflow;
  readonly isReadable: boolean;
}

export interface Tab {
  readonly id: string;
  /** The name of its file on the server, or nothing as long as it has none. */
  readonly name: string | null;
  readonly document: WorkflowDocument;
  readonly status: TabStatus;
  /** The server's revision that the document is based on. */
  readonly revision: string | null;
  /** Set while the status is "conflict"; ours is the document. */
  readonly conflict: { readonly theirs: Theirs | null } | null;
  /** It was brought back from a draft when the page started, and not touched since. */
  readonly recovered: boolean;
  /** Why the server did not take it, in words, or nothing. */
  readonly problem: string;
}

export interface SessionState {
  readonly tabs: readonly Tab[];
  readonly activeId: string | null;
  /** False until the workflows of the last time are open again, with their runs. */
  readonly ready: boolean;
  /** Why drafts cannot be kept in this browser, or nothing. */
  readonly draftProblem: string;
}

export const useSession = create<SessionState>()(() => ({
  tabs: [],
  activeId: null,
  ready: false,
  draftProblem: "",
}));

export function tabOf(id: string): Tab | undefined {
  return useSession.getState().tabs.find((tab) => tab.id === id);
}

export function patchTab(id: string, change: Partial<Omit<Tab, "id" | "document">>): void {
  useSession.setState(({ tabs }) => ({
    tabs: tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)),
  }));
}
