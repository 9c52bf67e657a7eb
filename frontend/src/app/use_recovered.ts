/** Tells of workflows that came back from a draft when the page started. */

import { useEffect } from "react";
import { tabName } from "@/app/tab_words";
import { activate, useSession } from "@/state/session";
import { toast } from "@/ui/toasts";

export function useRecovered(): void {
  const ready = useSession((session) => session.ready);
  useEffect(() => {
    if (!ready) return;
    const recovered = useSession.getState().tabs.filter((tab) => tab.recovered);
    const [first] = recovered;
    if (!first) return;
    const names = recovered.map((tab) => `“${tabName(tab)}”`).join(", ");
    toast.info(`Unsaved edits were brought back: ${names}.`, {
      duration: 10_000,
      action: { label: "Show", onClick: () => activate(first.id) },
    });
  }, [ready]);
}
