/** Opening something where an untouched empty tab is takes that tab's place. */

import { activeTab, closeTab, type Tab } from "@/state/session";

function isUntouched({ name, document }: Tab): boolean {
  const { nodes, notes } = document.workflow;
  return name === null && nodes.size + notes.size === 0 && !document.canUndo;
}

/** Does what opens a tab, then closes the one that was active if there was nothing in it. */
export async function inPlaceOfEmpty<Result>(open: () => Promise<Result> | Result): Promise<Result> {
  const before = activeTab();
  const result = await open();
  if (before && isUntouched(before) && activeTab()?.id !== before.id) {
    await closeTab(before.id, { discard: true });
  }
  return result;
}
