/** Which rows of a long list are in view, when all are of the same height. */

import { type UIEvent, useCallback, useState } from "react";

export interface VisibleRows {
  /** For the element that scrolls. */
  readonly ref: (element: HTMLElement | null) => (() => void) | undefined;
  onScroll(event: UIEvent<HTMLElement>): void;
  /** From the first row in view to the one after the last, and some more on both sides. */
  readonly first: number;
  readonly end: number;
}

const MARGIN = 8;
/** Before anything is measured. */
const USUAL_HEIGHT = 400;

export function useVisibleRows(count: number, rowHeight: number): VisibleRows {
  const [view, setView] = useState({ top: 0, height: USUAL_HEIGHT });
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element || typeof ResizeObserver === "undefined") return undefined;
    const observer = new ResizeObserver(() => {
      const height = element.clientHeight;
      if (height > 0) setView((before) => (before.height === height ? before : { ...before, height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = (event: UIEvent<HTMLElement>) => {
    const top = event.currentTarget.scrollTop;
    // Less than a row changes nothing.
    if (Math.floor(top / rowHeight) !== Math.floor(view.top / rowHeight)) setView({ ...view, top });
  };
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight) - MARGIN, count - 1));
  const end = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + MARGIN);
  return { ref, onScroll, first, end };
}
