/**
 * Makes the canvas one stop of the Tab key.
 *
 * Its nodes hold hundreds of fields. Enter leads into those of a node, Escape back; from the canvas itself Tab goes
 * on to what comes after them, and Shift+Tab comes back to it.
 */

import { type FocusEvent, type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import { canvasElement, focusCanvas } from "@/editor/focus";

const NODE = ".react-flow__node";

export function useOneTabStop() {
  const isTabbing = useIsTabbing();
  return useMemo(
    () => ({
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        const isOnCanvas = event.target === event.currentTarget;
        if (event.key === "Tab" && isOnCanvas && !event.shiftKey && !event.defaultPrevented) skipNodes();
        if (event.key === "Escape" && !isOnCanvas && !event.defaultPrevented) focusCanvas();
      },
      onFocusCapture: (event: FocusEvent<HTMLElement>) => {
        const isComingIn = event.target.closest(NODE) !== null && !isInNode(event.relatedTarget);
        if (isTabbing.current && isComingIn) focusCanvas();
      },
    }),
    [isTabbing],
  );
}

function isInNode(element: EventTarget | null): boolean {
  return element instanceof Element && element.closest(NODE) !== null;
}

/** Whether the last thing pressed was the Tab key, anywhere on the page. */
function useIsTabbing() {
  const isTabbing = useRef(false);
  useEffect(() => {
    const press = (event: Event) => {
      isTabbing.current = event instanceof window.KeyboardEvent && event.key === "Tab";
    };
    window.addEventListener("keydown", press, { capture: true });
    window.addEventListener("pointerdown", press, { capture: true });
    return () => {
      window.removeEventListener("keydown", press, { capture: true });
      window.removeEventListener("pointerdown", press, { capture: true });
    };
  }, []);
  return isTabbing;
}

/** The browser looks for the next stop right after this event: the nodes are none for that moment. */
function skipNodes(): void {
  const nodes = canvasElement()?.querySelector(".react-flow__viewport");
  nodes?.setAttribute("inert", "");
  setTimeout(() => nodes?.removeAttribute("inert"));
}
