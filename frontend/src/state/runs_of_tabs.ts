/** Keeps the runs of tabs in step with the tabs: found again, marked as stale after edits, left with them. */

import { nextFrame } from "@/state/frames";
import { updateStale, wakeAllNodes } from "@/state/run_store";
import { leaveRun, resumeRun } from "@/state/runs";
import { activeTab } from "@/state/session";
import { type Tab, tabOf, useSession } from "@/state/session_store";

export interface Following {
  /** Settles when the last run of each tab was looked for. */
  readonly found: Promise<unknown>;
  stop(): void;
}

export function followRunsOfTabs(): Following {
  let unsubscribe: () => void = () => undefined;
  const watchActive = () => {
    unsubscribe();
    unsubscribe = watch(activeTab());
    wakeAllNodes();
  };
  const stop = useSession.subscribe(({ tabs, activeId }, before) => {
    for (const { id } of before.tabs) if (!tabs.some((tab) => tab.id === id)) leaveRun(id);
    if (activeId !== before.activeId) watchActive();
  });
  watchActive();
  const found = Promise.allSettled(useSession.getState().tabs.map(({ id }) => resumeRun(id)));
  return {
    found,
    stop() {
      stop();
      unsubscribe();
      for (const { id } of useSession.getState().tabs) leaveRun(id);
    },
  };
}

/** Once per frame is enough for what an edit makes stale. */
function watch(tab: Tab | undefined): () => void {
  if (!tab) return () => undefined;
  let cancel: (() => void) | null = null;
  const update = () => {
    cancel?.();
    cancel = null;
    if (tabOf(tab.id)) updateStale(tab.id, tab.document.workflow);
  };
  const unsubscribe = tab.document.subscribe(() => {
    cancel ??= nextFrame(update);
  });
  return () => {
    unsubscribe();
    cancel?.();
  };
}
