/** What the page as a whole does: its title, and the question before it is left with something unsaved. */

import { useEffect } from "react";
import { tabName } from "@/app/tab_words";
import { useIsRunning } from "@/state/runs";
import { isEverythingKept, useActiveTab } from "@/state/session";

export function usePage(): void {
  const tab = useActiveTab();
  const running = useIsRunning();
  const name = tab ? tabName(tab) : "Untitled";
  const unsaved = tab !== undefined && tab.status !== "saved";
  useEffect(() => {
    document.title = `${running ? "▶ " : ""}${unsaved ? "• " : ""}${name} – Psynapse`;
  }, [name, running, unsaved]);
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      if (!isEverythingKept()) event.preventDefault();
    };
    addEventListener("beforeunload", guard);
    return () => removeEventListener("beforeunload", guard);
  }, []);
}
