/** Moves the focus to what is about to appear. */

import type { RefObject } from "react";

const FIELDS = "input, select, textarea, button";

/** Focuses the first field within an element after the next drawing; `within` narrows it down. */
export function focusSoon(element: RefObject<HTMLElement | null>, within = ""): void {
  requestAnimationFrame(() => {
    const area = within === "" ? element.current : element.current?.querySelector(within);
    const field = area?.matches(FIELDS) ? area : area?.querySelector(FIELDS);
    if (field instanceof HTMLElement) field.focus();
  });
}
