/** Gives a button a tooltip, which the one layer of the page for all tooltips shows. */

import { cloneElement, type HTMLAttributes, type ReactElement } from "react";

export type TooltipSide = "top" | "right" | "bottom" | "left";

export interface TooltipProps {
  readonly content: string;
  readonly keys?: string | undefined;
  readonly side?: TooltipSide;
  /** A button, or something else that passes unknown props on to its element. */
  readonly children: ReactElement<HTMLAttributes<HTMLElement> & TooltipData>;
}

/** As the layer reads it from the page. */
interface TooltipData {
  readonly "data-tooltip"?: string;
  readonly "data-tooltip-keys"?: string;
  readonly "data-tooltip-side"?: TooltipSide;
}

/** No handlers, no state: there are hundreds of buttons in a workflow, and at most one tooltip. */
export function Tooltip({ content, keys, side, children }: TooltipProps) {
  if (content === "") return children;
  return cloneElement(children, {
    "data-tooltip": content,
    ...(keys === undefined ? {} : { "data-tooltip-keys": keys }),
    ...(side === undefined ? {} : { "data-tooltip-side": side }),
  });
}
