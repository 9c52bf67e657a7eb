/** Says so, until it is settled, when a workflow was changed here and elsewhere. */

import { useEffect } from "react";
import { openDialog } from "@/app/dialogs";
import { tabName } from "@/app/tab_words";
import { useSession } from "@/state/session";
import { toast } from "@/ui/toasts";

export function useConflicts(): void {
  const tabs = useSession((session) => session.tabs);
  useEffect(() => {
    for (const tab of tabs) {
      const id = `conflict ${tab.id}`;
      if (tab.status !== "conflict") {
        toast.dismiss(id);
        continue;
      }
      toast.warning(`“${tabName(tab)}” was changed elsewhere.`, {
        id,
        duration: Number.POSITIVE_INFINITY,
        description: "Nothing is saved until you choose a version.",
        action: { label: "Choose …", onClick: () => openDialog("conflict", tab.id) },
      });
    }
  }, [tabs]);
}
