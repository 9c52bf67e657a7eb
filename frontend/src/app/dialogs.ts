/** Which dialog is open, and what it is about. */

import { create } from "zustand";

export type DialogName =
  | "palette"
  | "find"
  | "cheat-sheet"
  | "settings"
  | "templates"
  | "save-as"
  | "rename"
  | "close"
  | "conflict"
  | "restart";

export interface OpenDialog {
  readonly name: DialogName;
  /** The id of the tab that it is about; of the settings, their page. */
  readonly tab: string;
}

export const useDialog = create<{ readonly open: OpenDialog | null }>()(() => ({ open: null }));

export function openDialog(name: DialogName, tab = ""): void {
  useDialog.setState({ open: { name, tab } });
}

export function closeDialog(): void {
  useDialog.setState({ open: null });
}
