/** What becomes of the view when the canvas gets larger or smaller, as panels open and close. */

import { getViewportForBounds, type Viewport } from "@xyflow/react";
import type { Box } from "@/graph/boxes";

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2;
/** Around everything when all of it is shown: pixels, but no more than a share of a small canvas. */
const MARGIN = 48;
const SHARE = 0.05;
/** At the bottom are the controls. */
const CONTROLS = 64;

export interface Area {
  readonly width: number;
  readonly height: number;
}

/** The view that shows all of the bounds, never larger than life. */
export function fittingView(bounds: Omit<Box, "id">, { width, height }: Area): Viewport {
  const x = `${Math.min(MARGIN, Math.round(width * SHARE))}px` as const;
  const top = `${Math.min(MARGIN, Math.round(height * SHARE))}px` as const;
  return getViewportForBounds(bounds, width, height, MIN_ZOOM, 1, { x, top, bottom: `${CONTROLS}px` });
}

export function isInView({ x, y, width, height }: Omit<Box, "id">, view: Viewport, area: Area): boolean {
  const left = x * view.zoom + view.x;
  const top = y * view.zoom + view.y;
  return (
    left >= 0 && top >= 0 && left + width * view.zoom <= area.width && top + height * view.zoom <= area.height
  );
}

/**
 * Everything that was in view stays in view, and a view that was fitted stays fitted. Otherwise the middle of the
 * canvas stays in its middle. Nothing moves that need not: `null` leaves the view alone.
 */
export function keptView(
  bounds: Omit<Box, "id"> | null,
  view: Viewport,
  before: Area,
  after: Area,
): { readonly view: Viewport; readonly isFitted: boolean } | null {
  if (bounds && isInView(bounds, view, before)) {
    const isFitted = isClose(view, fittingView(bounds, before));
    if (!isFitted && isInView(bounds, view, after)) return null;
    return { view: fittingView(bounds, after), isFitted: true };
  }
  const centred = {
    x: view.x + (after.width - before.width) / 2,
    y: view.y + (after.height - before.height) / 2,
    zoom: view.zoom,
  };
  return { view: centred, isFitted: false };
}

/** Within what rounding and widgets that were measured since make of it. */
function isClose(one: Viewport, other: Viewport): boolean {
  return (
    Math.abs(one.zoom - other.zoom) < 0.02 && Math.abs(one.x - other.x) < 24 && Math.abs(one.y - other.y) < 24
  );
}
