/** The open workflows: opened, edited, saved and closed here, and nowhere else. */

import { useSyncExternalStore } from "react";
import type { WorkflowDocument } from "@/document/document";
import { EMPTY_WORKFLOW, type Workflow } from "@/graph/workflow";
import { allDrafts, type Draft } from "@/state/drafts";
import { addTab, allMachinery, machineryOf, removeTab, thisPage } from "@/state/open_tabs";
import { addFromDraft, addFromServer } from "@/state/opening";
import { forgetRun } from "@/state/run_memory";
import { NOTHING, type Selection, select, useSelection } from "@/state/selection";
import { patchTab, type SessionState, type Tab, tabOf, useSession } from "@/state/session_store";
import type { Saved } from "@/state/tab_saver";
import { nameProblem } from "@/state/workflow_names";
import { getWorkflow } from "@/wire/routes";

export { type SessionState, type Tab, type TabStatus, type Theirs, useSession } from "@/state/session_store";
export type { Saved } from "@/state/tab_saver";

// Opening and closing

/** Opens a workflow that is not on the server, an empty one by default. With a name it is saved under it. Returns the tab's id. */
export function newTab(workflow: Workflow = EMPTY_WORKFLOW, name?: string): string {
  const isUntouched = workflow === EMPTY_WORKFLOW && name === undefined;
  const id = addTab({ workflow, name: name ?? null, revision: null, isSaved: isUntouched });
  activate(id);
  if (!isUntouched) {
    machineryOf(id)?.drafts.write();
    machineryOf(id)?.saver.saveSoon();
  }
  return id;
}

/** Opens a workflow of the server, or goes to it when it is open. Returns the tab's id. Throws Problem and Away. */
export async function openWorkflow(name: string): Promise<string> {
  const id = tabNamed(name)?.id ?? (await load(name));
  activate(id);
  return id;
}

async function load(name: string): Promise<string> {
  const [current, draft] = await Promise.all([getWorkflow(name), leftBehind(name)]);
  // It may have been opened twice while we waited.
  const opened = tabNamed(name)?.id;
  return opened ?? (draft ? addFromDraft(draft, current) : addFromServer(name, current));
}

/**
 * Closes a tab. What a named workflow has unsaved is saved first, or stays behind as a draft; a workflow without a
 * name is lost, and so is what is unsaved when it is to be discarded.
 */
export async function closeTab(id: string, options: { readonly discard?: boolean } = {}): Promise<void> {
  const machinery = machineryOf(id);
  if (!machinery) return;
  const isNamed = tabOf(id)?.name !== null;
  const keeps = isNamed && !options.discard && !machinery.saver.isClean;
  const saved = keeps ? await machinery.saver.save() : "saved";
  await (saved === "saved" ? machinery.drafts.drop() : machinery.drafts.write());
  const index = useSession.getState().tabs.findIndex((tab) => tab.id === id);
  selections.delete(id);
  removeTab(id);
  void forgetRun(id);
  activateNeighbour(id, index);
}

const selections = new Map<string, Selection>();

export function activate(id: string): void {
  const { activeId } = useSession.getState();
  if (activeId === id || !tabOf(id)) return;
  if (activeId !== null) selections.set(activeId, useSelection.getState());
  useSession.setState({ activeId: id });
  select(selections.get(id) ?? NOTHING);
}

function activateNeighbour(closed: string, index: number): void {
  const { tabs, activeId } = useSession.getState();
  if (activeId !== closed) return;
  const next = tabs[index] ?? tabs[index - 1];
  if (next) activate(next.id);
  else newTab();
}

// Saving

/** Saves now; with a name, as a new workflow of that name, which settles a conflict too. "refused": the tab's problem says why, or it has no name yet. */
export async function save(id: string, name?: string): Promise<Saved> {
  const machinery = machineryOf(id);
  if (!machinery) return "refused";
  const isNew = name !== undefined && name !== tabOf(id)?.name;
  const problem = isNew ? nameProblem(name) : "";
  if (problem !== "") {
    patchTab(id, { problem });
    return "refused";
  }
  const saved = await (isNew ? machinery.saver.saveAs(name) : machinery.saver.save());
  if (saved !== "saved") machinery.drafts.write();
  return saved;
}

/** Settles a conflict: ours replaces what the server has now. */
export async function keepMine(id: string): Promise<Saved> {
  const conflict = tabOf(id)?.conflict;
  if (!conflict) return save(id);
  patchTab(id, { status: "unsaved", conflict: null, revision: conflict.theirs?.revision ?? null });
  return save(id);
}

/** Settles a conflict: what the server has comes here, and ours is one step back. A deleted workflow's tab is closed. */
export function takeTheirs(id: string): void {
  const conflict = tabOf(id)?.conflict;
  if (!conflict) return;
  const { theirs } = conflict;
  if (!theirs) void closeTab(id, { discard: true });
  else if (theirs.isReadable) {
    machineryOf(id)?.saver.takeOver(theirs.workflow, theirs.revision, "Take the server's version");
  } else
    patchTab(id, {
      problem: "The file on the server cannot be read. Keep your version, or save it as a copy.",
    });
}

/** True when closing the page loses nothing: all is on the server or in a draft. */
export function isEverythingKept(): boolean {
  return useSession.getState().tabs.every(({ id, status, document }) => {
    return status === "saved" || machineryOf(id)?.drafts.has(document.workflow) === true;
  });
}

/** Writes all drafts now. */
export async function flushDrafts(): Promise<void> {
  await Promise.all([...allMachinery()].map(({ drafts }) => drafts.flush()));
}

// Steps

/** Undoes the last step of the active workflow and selects what was selected then. */
export function undo(): void {
  const step = activeDocument()?.undo();
  if (step) select(step.selection);
}

export function redo(): void {
  const step = activeDocument()?.redo();
  if (step) select(step.selection);
}

// Looking

export function useActiveTab(): Tab | undefined {
  return useSession(activeTabOf);
}

export function activeTab(): Tab | undefined {
  return activeTabOf(useSession.getState());
}

export function activeDocument(): WorkflowDocument | null {
  return activeTab()?.document ?? null;
}

/** The active workflow as it is now; the component renders again when it changes. */
export function useWorkflow(): Workflow {
  const document = useActiveTab()?.document;
  return useSyncExternalStore(
    document?.subscribe ?? neverChanges,
    () => document?.workflow ?? EMPTY_WORKFLOW,
  );
}

export function tabNamed(name: string): Tab | undefined {
  return useSession.getState().tabs.find((tab) => tab.name === name);
}

function activeTabOf({ tabs, activeId }: SessionState): Tab | undefined {
  return tabs.find(({ id }) => id === activeId);
}

function neverChanges(): () => void {
  return () => undefined;
}

/** The draft of a workflow whose tab this page closed while the server was away. */
async function leftBehind(name: string): Promise<Draft | undefined> {
  const drafts = await allDrafts().catch(() => []);
  return drafts.find((draft) => draft.name === name && draft.page === thisPage() && !tabOf(draft.tab));
}
