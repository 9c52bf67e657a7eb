/** Draws figures of Plotly. Loaded when the first of them is shown. */

import Plotly from "plotly.js-cartesian-dist-min";
import type { Drawing, DrawingSize } from "@/displays/drawing";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { onThemeChange, themeColors } from "@/ui/theme_colors";

/** Draws into an element. Rejects for what cannot be drawn. */
export async function draw(element: HTMLElement, content: JsonObject, size: DrawingSize): Promise<Drawing> {
  const { data, layout } = content;
  const traces = Array.isArray(data) ? data : [];
  const given = isObject(layout) ? layout : {};
  const config = {
    displayModeBar: size.interactive ? "hover" : false,
    displaylogo: false,
    scrollZoom: false,
    showSendToCloud: false,
    staticPlot: !size.interactive,
  };
  const show = () => Plotly.react(element, traces, layoutFor(given, size, element), config);
  await show();
  const unfollow = onThemeChange(() => void show());
  return {
    finish: () => {
      unfollow();
      Plotly.purge(element);
    },
  };
}

/** The page's colours as a template: what the figure says itself comes before that. */
function layoutFor(layout: JsonObject, { width, height }: DrawingSize, element: Element): JsonObject {
  const color = themeColors(element);
  const given = isObject(layout.template) ? layout.template : {};
  const before = isObject(given.layout) ? given.layout : {};
  const axis = (own: Json | undefined): JsonObject => ({
    ...(isObject(own) ? own : {}),
    gridcolor: color("--border"),
    linecolor: color("--border-strong"),
    zerolinecolor: color("--border-strong"),
  });
  const themed = {
    ...before,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { ...(isObject(before.font) ? before.font : {}), color: color("--text") },
    xaxis: axis(before.xaxis),
    yaxis: axis(before.yaxis),
  };
  const margin = isObject(layout.margin) ? layout.margin : MARGIN;
  return { ...layout, width, height, autosize: false, margin, template: { ...given, layout: themed } };
}

const MARGIN = { l: 48, r: 16, t: 40, b: 40 };
