/** Going to a node from a panel: it is selected and brought into view, and the panel stays as it is. */

import { canvasView } from "@/state/canvas_view";
import { select } from "@/state/selection";

let chosen: string | null = null;

export function goToNode(id: string): void {
  chosen = id;
  select([id]);
  canvasView()?.reveal([id]);
}

/** True when a node was selected here and not on the canvas, where selecting opens the inspector. */
export function wasChosenHere(id: string): boolean {
  return chosen === id;
}

export function forgetChoice(): void {
  chosen = null;
}
