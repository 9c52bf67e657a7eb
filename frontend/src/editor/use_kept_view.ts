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
    let timer: ReturnType<typeof setTimeout> | undefined;
    const adjust = () => {
      const after = sizeOf(element);
      if (after.width > 0 && after.height > 0) keep(tools, before, after);
      before = after;
    };
    const observer = new ResizeObserver(() => {
      const { width, height } = sizeOf(element);
      if (width === before.width && height === before.height) return;
      clearTimeout(timer);
      const wait = pressed + DOUBLE_CLICK - performance.now();
      if (wait > 0) timer = setTimeout(adjust, wait);
      else adjust();
    });
    const press = () => {
      pressed = performance.now();
    };
    observer.observe(element);
    element.addEventListener("pointerdown", press, true);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      element.removeEventListener("pointerdown", press, true);
    };
  }, [tools]);
}

function sizeOf({ clientWidth, clientHeight }: Element): Area {
  return { width: clientWidth, height: clientHeight };
}

function keep(tools: CanvasTools, before: Area, after: Area): void {
  if (before.width === 0 || before.height === 0) return;
  const boxes = tools.store.boxes();
  const bounds = boxes.length === 0 ? null : boundsOf(boxes);
  const kept = keptView(bounds, tools.flow.getViewport(), before, after);
  if (kept) void tools.flow.setViewport(kept.view, { duration: kept.isFitted ? duration() : 0 });
}
