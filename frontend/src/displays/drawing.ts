/** Plots that are drawn here: which those are, and what draws them. */

import { isObject, type Json, type JsonObject } from "@/graph/workflow";

export interface DrawingSize {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Answers to the pointer; on the canvas that moves nodes instead. */
  readonly interactive: boolean;
}

export interface Drawing {
  /** Takes away what was drawn and all that listens. */
  finish(): void;
}

export type Draw = (element: HTMLElement, content: JsonObject, size: DrawingSize) => Promise<Drawing>;

/** The traces of Plotly that its part here can draw. */
const TRACES = new Set([
  "bar",
  "box",
  "contour",
  "heatmap",
  "histogram",
  "histogram2d",
  "histogram2dcontour",
  "image",
  "pie",
  "scatter",
  "scatterternary",
  "violin",
]);

/** What draws a plot; `null` for what is none, or of a kind that is only described. */
export function drawerFor(content: Json): (() => Promise<Draw>) | null {
  if (!isObject(content)) return null;
  const { $schema, data } = content;
  if (typeof $schema === "string") return async () => (await import("@/displays/drawing_vega")).draw;
  const isKnown =
    Array.isArray(data) &&
    data.length > 0 &&
    data.every((trace) => isObject(trace) && TRACES.has(kindOf(trace)));
  return isKnown ? async () => (await import("@/displays/drawing_plotly")).draw : null;
}

function kindOf({ type }: JsonObject): string {
  return typeof type === "string" ? type : "scatter";
}
