import { describe, expect, it } from "vitest";
import { drawerFor } from "@/displays/drawing";

const scatter = { type: "scatter", x: [1], y: [1] };

describe("what is drawn", () => {
  it.each([
    ["a chart of Vega-Lite", { $schema: "https://vega.github.io/schema/vega-lite/v6.json", mark: "bar" }],
    ["a figure of Plotly", { data: [scatter, { y: [1] }], layout: {} }],
  ])("%s", (_, content) => {
    expect(drawerFor(content)).not.toBeNull();
  });

  it.each([
    ["a trace that nothing here can draw", { data: [scatter, { type: "scatter3d" }], layout: {} }],
    ["a figure of which only a part came", { data: { $preview: "list", head: [scatter] }, layout: {} }],
    ["a figure without traces", { data: [], layout: {} }],
    ["a text", "plot"],
  ])("not %s", (_, content) => {
    expect(drawerFor(content)).toBeNull();
  });
});
