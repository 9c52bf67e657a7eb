/** Which panels are open. Kept with the settings. */

import { setFlag, setSettings, useSettings } from "@/state/settings";

export const LEFT_PANELS = ["library", "outline", "workflows", "runs"] as const;
export type LeftPanel = (typeof LEFT_PANELS)[number];
export type RightTab = "status" | "inspector";

type Flags = Readonly<Record<string, boolean>>;

const PROBLEMS = "panel.problems";
const RIGHT = "panel.right";
const INSPECTS = "panel.right.inspector";
/** Off once the user has closed the right panel: selecting does not open it then. */
const OPENS_ON_SELECTION = "panel.right.opens";

const leftFlag = (panel: LeftPanel) => `panel.left.${panel}`;

function leftOf(flags: Flags): LeftPanel | null {
  return LEFT_PANELS.find((panel) => flags[leftFlag(panel)] ?? panel === "library") ?? null;
}

export function useLeftPanel(): LeftPanel | null {
  return useSettings(({ flags }) => leftOf(flags));
}

export function showLeft(shown: LeftPanel | null): void {
  const { flags } = useSettings.getState();
  const left = Object.fromEntries(LEFT_PANELS.map((panel) => [leftFlag(panel), panel === shown]));
  setSettings({ flags: { ...flags, ...left } });
}

/** Opens a panel, or closes it when it is open. */
export function toggleLeft(panel: LeftPanel): void {
  showLeft(leftOf(useSettings.getState().flags) === panel ? null : panel);
}

export function useRightTab(): RightTab | null {
  return useSettings(({ flags }) => rightOf(flags));
}

export function rightTab(): RightTab | null {
  return rightOf(useSettings.getState().flags);
}

function rightOf(flags: Flags): RightTab | null {
  if (!flags[RIGHT]) return null;
  return flags[INSPECTS] ? "inspector" : "status";
}

export function showRight(tab: RightTab): void {
  const { flags } = useSettings.getState();
  setSettings({
    flags: { ...flags, [RIGHT]: true, [INSPECTS]: tab === "inspector", [OPENS_ON_SELECTION]: true },
  });
}

export function closeRight(): void {
  const { flags } = useSettings.getState();
  setSettings({ flags: { ...flags, [RIGHT]: false, [OPENS_ON_SELECTION]: false } });
}

export function toggleRight(tab: RightTab): void {
  if (rightTab() === tab) closeRight();
  else showRight(tab);
}

export function opensOnSelection(): boolean {
  return useSettings.getState().flags[OPENS_ON_SELECTION] ?? true;
}

export function useProblemsOpen(): boolean {
  return useSettings(({ flags }) => flags[PROBLEMS] ?? false);
}

export function toggleProblems(): void {
  setFlag(PROBLEMS, !useSettings.getState().flags[PROBLEMS]);
}
