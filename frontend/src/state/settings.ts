/** The user's preferences, kept in this browser. */

import { create } from "zustand";
import { isObject, type Json } from "@/graph/workflow";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  /** Nodes keep to the grid when they are moved. */
  readonly snap: boolean;
  readonly minimap: boolean;
  /** Sizes of panels in pixels or per cent, and other numbers by name. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Panels that are open, and other switches by name. */
  readonly flags: Readonly<Record<string, boolean>>;
}

export const DEFAULTS: Settings = { theme: "system", snap: true, minimap: true, sizes: {}, flags: {} };

const KEY = "psynapse.settings";

export const useSettings = create<Settings>()(() => readSettings());

export function setSettings(change: Partial<Settings>): void {
  useSettings.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(useSettings.getState()));
  } catch {
    // Full, or forbidden: the preference holds until the page is closed.
  }
}

export function setSize(name: string, size: number): void {
  if (useSettings.getState().sizes[name] === size) return;
  setSettings({ sizes: { ...useSettings.getState().sizes, [name]: size } });
}

export function setFlag(name: string, on: boolean): void {
  if (useSettings.getState().flags[name] === on) return;
  setSettings({ flags: { ...useSettings.getState().flags, [name]: on } });
}

/** Takes over what is changed in other browser tabs. Returns what ends it. */
export function followSettings(): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key === KEY || key === null) useSettings.setState(readSettings());
  };
  addEventListener("storage", onStorage);
  return () => removeEventListener("storage", onStorage);
}

function readSettings(): Settings {
  try {
    return settingsFrom(JSON.parse(localStorage.getItem(KEY) ?? "null"));
  } catch {
    return DEFAULTS;
  }
}

function settingsFrom(kept: Json): Settings {
  if (!isObject(kept)) return DEFAULTS;
  const { theme, snap, minimap, sizes, flags } = kept;
  return {
    theme: theme === "light" || theme === "dark" ? theme : "system",
    snap: typeof snap === "boolean" ? snap : DEFAULTS.snap,
    minimap: typeof minimap === "boolean" ? minimap : DEFAULTS.minimap,
    sizes: only(sizes, (value) => typeof value === "number"),
    flags: only(flags, (value) => typeof value === "boolean"),
  };
}

function only<Value extends Json>(
  values: Json | undefined,
  fits: (value: Json) => value is Value,
): Record<string, Value> {
  const entries = Object.entries(isObject(values) ? values : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => fits(entry[1])));
}
