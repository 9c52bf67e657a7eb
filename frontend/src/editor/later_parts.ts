/** Parts of the canvas that are not there at first: fetched when shown, or when there is time. */

import { later } from "@/ui/later";

export const ConnectList = later(async () => (await import("@/editor/ConnectList")).ConnectList);
export const NodeDetails = later(async () => (await import("@/editor/NodeDetails")).NodeDetails);
export const NodeMenu = later(async () => (await import("@/editor/NodeMenu")).NodeMenu);
export const Palette = later(async () => (await import("@/editor/Palette")).Palette);
export const ValueDisplay = later(async () => (await import("@/displays/registry")).ValueDisplay);

export function fetchCanvasParts(): void {
  for (const part of [Palette, NodeMenu, ValueDisplay, ConnectList, NodeDetails]) void part.fetch();
}
