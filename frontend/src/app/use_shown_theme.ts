/** The theme that is on the screen, as it changes with the setting and the system. */

import { useSyncExternalStore } from "react";
import { type Shown, shownTheme } from "@/app/theme";
import { useSettings } from "@/state/settings";

export function useShownTheme(): Shown {
  return useSyncExternalStore(subscribe, shownTheme);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", listener);
  const stop = useSettings.subscribe(listener);
  return () => {
    query.removeEventListener("change", listener);
    stop();
  };
}
