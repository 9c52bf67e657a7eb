/** The colours of the present theme for drawing on a canvas, which knows no CSS variables. */

import { useEffect, useState } from "react";

/** Looks tokens up once; make a new one when the theme may have changed. */
export function themeColors(element: Element): (token: string) => string {
  const style = getComputedStyle(element);
  const known = new Map<string, string>();
  return (token) => {
    const color = known.get(token) ?? style.getPropertyValue(token).trim();
    known.set(token, color);
    return color || "gray";
  };
}

/** Calls back when the page or the system changes between light and dark. */
export function onThemeChange(change: () => void): () => void {
  const observer = new MutationObserver(change);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = window.matchMedia?.("(prefers-color-scheme: dark)");
  dark?.addEventListener("change", change);
  return () => {
    observer.disconnect();
    dark?.removeEventListener("change", change);
  };
}

export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => onThemeChange(() => setVersion((before) => before + 1)), []);
  return version;
}
