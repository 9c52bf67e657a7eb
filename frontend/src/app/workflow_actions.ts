/** What can be done with open workflows, as buttons, menus and keys ask for it. */

import { openDialog } from "@/app/dialogs";
import { tabName } from "@/app/tab_words";
import { activate, activeTab, closeTab, type Saved, save, type Tab, useSession } from "@/state/session";
import { toast } from "@/ui/toasts";

/** Saves the active workflow; one without a name is asked for it. */
export function saveActive(): void {
  const tab = activeTab();
  if (!tab) return;
  if (tab.name === null) openDialog("save-as", tab.id);
  else void save(tab.id).then((saved) => tellSaved(saved, tab));
}

function tellSaved(saved: Saved, tab: Tab): void {
  if (saved === "saved") toast.success(`Saved “${tabName(tab)}”.`);
  if (saved === "conflict") openDialog("conflict", tab.id);
  if (saved === "offline")
    toast.warning("The server is away. Your edits are kept here and saved when it is back.");
}

/** Why a name cannot be saved under, or nothing. */
export async function saveUnder(id: string, name: string): Promise<string> {
  switch (await save(id, name)) {
    case "taken":
      return "There is a workflow of this name already. Choose another.";
    case "refused":
      return (
        useSession.getState().tabs.find((tab) => tab.id === id)?.problem || "The server refused this name."
      );
    case "offline":
      return "The server is away. Try again when it is back.";
    default:
      return "";
  }
}

/** Closes a tab; one whose edits would be lost is asked about first. */
export function closeOrAsk(id: string): void {
  const tab = useSession.getState().tabs.find((one) => one.id === id);
  if (!tab) return;
  const { nodes, notes } = tab.document.workflow;
  const isEmpty = tab.name === null && nodes.size + notes.size === 0;
  if (tab.status === "saved" || isEmpty) void closeTab(id, { discard: isEmpty });
  else openDialog("close", id);
}

export function stepTab(step: 1 | -1): void {
  const { tabs, activeId } = useSession.getState();
  const at = tabs.findIndex(({ id }) => id === activeId);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (next) activate(next.id);
}
