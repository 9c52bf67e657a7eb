/** What menus are made of. */

import type { ReactNode } from "react";

export interface MenuAction {
  readonly id: string;
  readonly title: string;
  readonly icon?: ReactNode;
  readonly keys?: string | undefined;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Given for something that is on or off. */
  readonly checked?: boolean;
  readonly run: () => void;
}

export type MenuItem = MenuAction | "separator";

/** Where a menu opens, and what has the focus again when it is closed. */
export interface MenuPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly opener: HTMLElement;
  /** It was opened with keys: its first item has the focus. */
  readonly byKeyboard: boolean;
}

export function placeAt(opener: HTMLElement, byKeyboard: boolean): MenuPlace {
  const { left, top, width, height } = opener.getBoundingClientRect();
  return { left, top, width, height, opener, byKeyboard };
}
