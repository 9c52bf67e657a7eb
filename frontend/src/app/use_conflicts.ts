/** Says so, until it is settled, when a workflow was changed here and elsewhere. */

import { useEffect } from "react";
import { openDialog, useDialog } from "@/app/dialogs";
import { tabName } from "@/app/tab_words";
import { useSession } from "@/state/session";
import { toast } from "@/ui/toasts";

export function useConflicts(): void {
  const tabs = useSession((session) => session.tabs);
  const settling = useDialog(({ open }) => (open?.name === "conflict" ? open.tab : null));
  useEffect(() => {
    for (const tab of tabs) {
      const id = `conflict ${tab.id}`;
      // The dialog says it all, and its buttons would lie under the message.
      if (tab.status !== "conflict" || tab.id === settling) {
        toast.dismiss(id);
        continue;
      }
      const isBroken = tab.conflict?.theirs?.isReadable === false;
      const what = isBroken ? "has a file that cannot be read any more" : "was changed elsewhere";
      toast.warning(`“${tabName(tab)}” ${what}.`, {
        id,
        duration: Number.POSITIVE_INFINITY,
        description: "Nothing is saved until you choose a version.",
        action: { label: "Choose …", onClick: () => openDialog("conflict", tab.id) },
      });
    }
  }, [tabs, settling]);
}
