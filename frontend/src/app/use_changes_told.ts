/** Tells how a change of the node packages ended where their page is not open: it was begun over the canvas, or the page was left. */

import { useEffect } from "react";
import { useDialog } from "@/app/dialogs";
import { asSentence, titleOf } from "@/panels/nodes/package_words";
import { type ChangeState, useChange } from "@/state/packages_change";
import { toast } from "@/ui/toasts";

export function useChangesTold(): void {
  useEffect(() => useChange.subscribe(tell), []);
}

function tell({ change }: ChangeState, { change: before }: ChangeState): void {
  if (!change || change.outcome === "running" || before?.outcome !== "running") return;
  if (useDialog.getState().open?.name === "settings") return;
  const title = `${titleOf(change)}.`;
  // The event and the answer end it in other words, and either may come first: its title is the same for both.
  if (change.outcome === "succeeded") toast.success(title);
  else toast.error(title, { description: asSentence(change.problem?.message ?? change.message) });
}
