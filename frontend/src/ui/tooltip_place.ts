/** Where a tooltip goes: beside its button, within the window. */

import type { TooltipSide } from "@/ui/Tooltip";

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

const GAP = 6;
const MARGIN = 8;

const OPPOSITE: Readonly<Record<TooltipSide, TooltipSide>> = {
  top: "bottom",
  bottom: "top",
  left: "right",
  right: "left",
};

/** On the side that is wanted, or on the other when there is no room. */
export function tooltipPlace(button: Box, own: Size, side: TooltipSide, within: Size) {
  const wanted = beside(button, own, side);
  const { left, top } = fits(wanted, own, side, within) ? wanted : beside(button, own, OPPOSITE[side]);
  return {
    left: clamped(left, within.width - own.width),
    top: clamped(top, within.height - own.height),
  };
}

function beside(button: Box, own: Size, side: TooltipSide) {
  const centred = {
    left: button.left + (button.width - own.width) / 2,
    top: button.top + (button.height - own.height) / 2,
  };
  switch (side) {
    case "top":
      return { ...centred, top: button.top - own.height - GAP };
    case "bottom":
      return { ...centred, top: button.top + button.height + GAP };
    case "left":
      return { ...centred, left: button.left - own.width - GAP };
    case "right":
      return { ...centred, left: button.left + button.width + GAP };
  }
}

function fits(
  { left, top }: { left: number; top: number },
  own: Size,
  side: TooltipSide,
  within: Size,
): boolean {
  return side === "top" || side === "bottom"
    ? top >= MARGIN && top + own.height <= within.height - MARGIN
    : left >= MARGIN && left + own.width <= within.width - MARGIN;
}

function clamped(value: number, most: number): number {
  return Math.round(Math.max(MARGIN, Math.min(value, most - MARGIN)));
}
