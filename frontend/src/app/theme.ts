/** Puts the theme that was chosen on the page; without a choice the style sheet follows the system. */

import { useSettings } from "@/state/settings";

export type Shown = "light" | "dark";

export function applyTheme(): () => void {
  const apply = () => {
    const { theme } = useSettings.getState();
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset.theme;
    else dataset.theme = theme;
  };
  apply();
  return useSettings.subscribe(apply);
}

/** The theme that is on the screen now. */
export function shownTheme(): Shown {
  const { theme } = useSettings.getState();
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
