/** Keeps one tab's draft up to date: written a moment after an edit, removed when the server has everything. */

import type { Workflow } from "@/graph/workflow";
import { putDraft, removeDrafts } from "@/state/drafts";
import { tabOf, useSession } from "@/state/session_store";

/** Milliseconds: short enough to lose nothing, long enough that typing does not write at every key. */
const WAIT = 60;

export class DraftWriter {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private kept: Workflow | null = null;
  private last: Promise<void> = Promise.resolve();
  private readonly tab: string;
  private readonly page: string;

  constructor(tab: string, page: string) {
    this.tab = tab;
    this.page = page;
  }

  /** True when the draft has this workflow. */
  has(workflow: Workflow): boolean {
    return this.kept === workflow;
  }

  /** The workflow was edited: it is written soon. */
  touch(): void {
    this.timer ??= setTimeout(() => this.flush(), WAIT);
  }

  /** Writes now what has not been written. Resolves when it is in the database. */
  flush(): Promise<void> {
    if (this.timer !== undefined) this.write();
    return this.last;
  }

  /** Writes now, whether or not there was an edit: the name or the revision may have changed. */
  write(): Promise<void> {
    this.stop();
    const tab = tabOf(this.tab);
    if (!tab) return this.last;
    const { workflow } = tab.document;
    const { name, revision: base } = tab;
    const text = JSON.stringify(tab.document.toJson());
    this.watch(
      putDraft({ tab: this.tab, page: this.page, name, base, text, at: Date.now() }).then(() => {
        this.kept = workflow;
      }),
    );
    return this.last;
  }

  /** Removes the draft: the server has everything, or nobody wants it. */
  drop(): Promise<void> {
    this.stop();
    this.kept = null;
    this.watch(removeDrafts([this.tab]));
    return this.last;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private watch(work: Promise<void>): void {
    this.last = work.then(
      () => useSession.setState({ draftProblem: "" }),
      () =>
        useSession.setState({
          draftProblem: "This browser keeps no drafts. Save your workflow to the server, or download it.",
        }),
    );
  }
}
