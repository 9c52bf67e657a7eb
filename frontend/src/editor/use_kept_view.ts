/** Keeps in view what was in view when the canvas gets larger or smaller. */

import { useEffect } from "react";
import type { CanvasTools } from "@/editor/canvas_tools";
import { canvasElement } from "@/editor/focus";
import { type Area, keptView } from "@/editor/keeping_view";
import { duration } from "@/editor/view_moves";
import { boundsOf } from "@/graph/boxes";

/** Milliseconds after a press in which it may be the first half of a double click, under which nothing may move. */
const DOUBLE_CLICK = 400;

export function useKeptView(tools: CanvasTools): void {
  useEffect(() => {
    const element = canvasElement();
    if (!element || typeof ResizeObserver === "undefined") return;
    let before: Area = sizeOf(element);
    let pressed = Number.NEGATIVE_INFINITY;
    let isDown = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const adjust = () => {
      const after = sizeOf(element);
      if (after.width > 0 && after.height > 0 && !isPointedAt(tools)) keep(tools, before, after);
      before = after;
    };
    const settle = () => {
      clearTimeout(timer);
      const { width, height } = sizeOf(element);
      // What is dragged would be put down elsewhere among the others if the view moved meanwhile.
      if (isDown || (width === before.width && height === before.height)) return;
      const wait = pressed + DOUBLE_CLICK - performance.now();
      if (wait > 0) timer = setTimeout(settle, wait);
      else adjust();
    };
    const press = () => {
      isDown = true;
      pressed = performance.now();
    };
    const release = () => {
      isDown = false;
      settle();
    };
    const observer = new ResizeObserver(settle);
    const listening = new AbortController();
    const { signal } = listening;
    observer.observe(element);
    element.addEventListener("pointerdown", press, { capture: true, signal });
    window.addEventListener("pointerup", release, { capture: true, signal });
    window.addEventListener("pointercancel", release, { capture: true, signal });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      listening.abort();
    };
  }, [tools]);
}

function sizeOf({ clientWidth, clientHeight }: Element): Area {
  return { width: clientWidth, height: clientHeight };
}

/** Something is open beside a place on the canvas, which must not slip away from under it. */
function isPointedAt(tools: CanvasTools): boolean {
  const { menu, details, palette, connecting } = tools.canvas().ui.getState();
  return [menu, details, palette, connecting].some((open) => open !== null);
}

function keep(tools: CanvasTools, before: Area, after: Area): void {
  if (before.width === 0 || before.height === 0) return;
  const boxes = tools.store.boxes();
  const bounds = boxes.length === 0 ? null : boundsOf(boxes);
  const kept = keptView(bounds, tools.flow.getViewport(), before, after);
  if (kept) void tools.flow.setViewport(kept.view, { duration: kept.isFitted ? duration() : 0 });
}
