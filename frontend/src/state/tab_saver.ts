/** Brings one tab's workflow to the server: a moment after each edit, never over what is newer there. */

import { reload } from "@/document/commands_reload";
import type { Workflow } from "@/graph/workflow";
import { recordPackages } from "@/state/packages_used";
import { isSameWorkflow, theirsOf } from "@/state/server_text";
import { patchTab, type Tab, type Theirs, tabOf } from "@/state/session_store";
import { Away, type Problem, wordsFor } from "@/wire/client";
import { currentOf, isConflict, isMissing, putWorkflow } from "@/wire/routes";
import { backoff } from "@/wire/waiting";

/** How an attempt to save ended. "taken": another workflow has that name, and nothing was changed. */
export type Saved = "saved" | "conflict" | "offline" | "taken" | "refused";

/** Milliseconds from the last edit to the attempt to save. */
const AFTER_EDIT = 800;
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 60_000;

export class TabSaver {
  private readonly id: string;
  /** The document's snapshot that the server has, as far as we know. */
  private saved: Workflow | null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<unknown> | null = null;
  private failures = 0;
  private reloading = false;
  private readonly onSaved: () => void;

  /** `onSaved` is called whenever the server has everything. */
  constructor(id: string, saved: Workflow | null, onSaved: () => void) {
    this.id = id;
    this.saved = saved;
    this.onSaved = onSaved;
  }

  /** True while there is nothing here that the server does not have. */
  get isClean(): boolean {
    const tab = tabOf(this.id);
    return tab?.name !== null && tab?.document.workflow === this.saved;
  }

  /** To be called after each edit. Returns false when it was the server's text that came in. */
  noteEdit(): boolean {
    const tab = tabOf(this.id);
    if (this.reloading || !tab) return false;
    const status = tab.status === "saved" ? "unsaved" : tab.status;
    if (status !== tab.status || tab.recovered || tab.problem !== "") {
      patchTab(this.id, { status, recovered: false, problem: "" });
    }
    this.saveSoon(AFTER_EDIT);
    return true;
  }

  saveSoon(delay = AFTER_EDIT): void {
    const tab = tabOf(this.id);
    if (!tab || tab.name === null || tab.conflict) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), delay);
  }

  /** Saves what is there now. One attempt at a time: a second one waits for the first. */
  save(): Promise<Saved> {
    clearTimeout(this.timer);
    return this.exclusively(async () => {
      const tab = tabOf(this.id);
      if (!tab || tab.name === null) return "refused";
      if (tab.conflict) return "conflict";
      if (this.isClean && tab.status === "saved") return "saved";
      return this.attempt(tab, tab.name, tab.revision);
    });
  }

  /** Saves as a new workflow. When the name is taken, nothing changes; when the server is away, the name stands. */
  saveAs(name: string): Promise<Saved> {
    clearTimeout(this.timer);
    return this.exclusively(async () => {
      const tab = tabOf(this.id);
      return tab ? this.attempt(tab, name, null, true) : "refused";
    });
  }

  /** Resolves when no attempt to save is under way. */
  settled(): Promise<void> {
    return this.exclusively(async () => undefined);
  }

  /** Does something with the file while nothing is saved; what is to be saved meanwhile waits. */
  async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    // Whoever wakes up first goes on before anybody else looks.
    while (this.running) await this.running.catch(() => undefined);
    const running = work();
    this.running = running;
    try {
      return await running;
    } finally {
      this.running = null;
    }
  }

  /** Takes over a text of the server, as one step that can be undone. */
  takeOver(workflow: Workflow, revision: string, label: string): void {
    const tab = tabOf(this.id);
    if (!tab) return;
    clearTimeout(this.timer);
    this.reloading = true;
    try {
      reload(tab.document, workflow, label);
    } finally {
      this.reloading = false;
    }
    this.succeeded(tab.document.workflow, revision);
  }

  /** The server can be reached again: what waits for it is sent now. */
  retry(): void {
    if (tabOf(this.id)?.status === "offline") this.saveSoon(0);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async attempt(tab: Tab, name: string, base: string | null, isNewName = false): Promise<Saved> {
    recordPackages(tab.document);
    const snapshot = tab.document.workflow;
    patchTab(this.id, { status: "saving", problem: "" });
    try {
      const stored = await putWorkflow(name, tab.document.toJson(), base);
      return this.succeeded(snapshot, stored.revision, stored.name);
    } catch (error) {
      if (error instanceof Away) return this.away(name, isNewName);
      // The file is gone although we did not ask for a new one.
      if (isMissing(error) && base !== null) return this.conflict(null);
      if (!isConflict(error)) return this.refused(tab, error);
      return this.contradicted(error, snapshot, name, isNewName ? tab : null);
    }
  }

  /** An answer that got lost makes us send the same again: then the server has just what we have. */
  private contradicted(problem: Problem, snapshot: Workflow, name: string, before: Tab | null): Saved {
    const current = currentOf(problem);
    const theirs = current && theirsOf(current);
    if (theirs?.isReadable && isSameWorkflow(theirs.workflow, snapshot))
      return this.succeeded(snapshot, theirs.revision, name);
    if (!before) return this.conflict(theirs);
    patchTab(this.id, { status: before.status });
    return "taken";
  }

  private succeeded(snapshot: Workflow, revision: string, name = tabOf(this.id)?.name ?? null): Saved {
    this.failures = 0;
    this.saved = snapshot;
    const isAll = tabOf(this.id)?.document.workflow === snapshot;
    const status = isAll ? "saved" : "unsaved";
    patchTab(this.id, { status, revision, name, conflict: null, recovered: false, problem: "" });
    if (isAll) this.onSaved();
    else this.saveSoon();
    return "saved";
  }

  conflict(theirs: Theirs | null): Saved {
    patchTab(this.id, { status: "conflict", conflict: { theirs } });
    return "conflict";
  }

  private away(name: string, isNewName: boolean): Saved {
    // Under a new name nothing is there yet that we are based on.
    const asNew = isNewName ? { name, revision: null, conflict: null } : {};
    patchTab(this.id, { status: "offline", ...asNew });
    this.saveSoon(backoff(this.failures++, FIRST_RETRY, LONGEST_RETRY));
    return "offline";
  }

  private refused(before: Tab, error: unknown): Saved {
    const status = before.conflict ? "conflict" : "unsaved";
    patchTab(this.id, { status, problem: wordsFor(error) });
    return "refused";
  }
}
