/** Whether the canvas is wide enough to have the minimap beside the controls. */

import { useStore } from "@xyflow/react";

/** Narrower canvases would have the minimap over the controls, and toasts, which are over these, over the minimap. */
const ROOM_FOR_MINIMAP = 640;

export function isWideEnough(width: number): boolean {
  return width >= ROOM_FOR_MINIMAP;
}

export function useRoomForMinimap(): boolean {
  return useStore(({ width }) => isWideEnough(width));
}
