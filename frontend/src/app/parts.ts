/** Parts of the page that are not needed for its first picture: fetched when shown, or when there is time. */

import { fetchCanvasParts } from "@/editor/later_parts";
import { whenIdle } from "@/ui/idle";
import { later } from "@/ui/later";
import { MenuWindow } from "@/ui/menu_window";

export const RightPanel = later(async () => (await import("@/app/RightPanel")).RightPanel);
export const Outline = later(async () => (await import("@/panels/outline/Outline")).Outline);
export const RunsPanel = later(async () => (await import("@/panels/history/RunsPanel")).RunsPanel);
export const WorkflowsPanel = later(
  async () => (await import("@/panels/workflows/WorkflowsPanel")).WorkflowsPanel,
);
export const Problems = later(async () => (await import("@/panels/problems/Problems")).Problems);
export const Toasts = later(async () => (await import("@/app/Toasts")).Toasts);
export const CheatSheet = later(async () => (await import("@/app/CheatSheet")).CheatSheet);
export const CloseDialog = later(async () => (await import("@/app/CloseDialog")).CloseDialog);
export const CommandPalette = later(async () => (await import("@/app/CommandPalette")).CommandPalette);
export const ConflictDialog = later(async () => (await import("@/app/ConflictDialog")).ConflictDialog);
export const FindDialog = later(async () => (await import("@/app/FindDialog")).FindDialog);
export const SaveAsDialog = later(async () => (await import("@/app/SaveAsDialog")).SaveAsDialog);
export const RenameDialog = later(async () => (await import("@/app/RenameDialog")).RenameDialog);
export const RestartDialog = later(async () => (await import("@/app/RestartDialog")).RestartDialog);
export const SettingsDialog = later(
  async () => (await import("@/panels/settings/SettingsDialog")).SettingsDialog,
);
export const TemplatesDialog = later(
  async () => (await import("@/panels/templates/TemplatesDialog")).TemplatesDialog,
);

/** What nearly everybody needs soon: the first run must not wait for its panel. Returns what calls it off. */
export function fetchSoon(): () => void {
  return whenIdle(() => {
    fetchCanvasParts();
    for (const part of [RightPanel, MenuWindow, CommandPalette, Toasts, Problems]) void part.fetch();
  });
}
