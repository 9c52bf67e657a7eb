import { describe, expect, it } from "vitest";
import { draw } from "@/displays/drawing_vega";
import type { JsonObject } from "@/graph/workflow";

const ROOM = { width: 320, height: 200, interactive: false };
const SALES: JsonObject = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  title: "Sales",
  data: {
    values: [
      { month: "May", sold: 3 },
      { month: "June", sold: 5 },
    ],
  },
  mark: "bar",
  encoding: { x: { field: "month", type: "nominal" }, y: { field: "sold", type: "quantitative" } },
};

async function drawn(content: JsonObject): Promise<{ element: HTMLElement; finish: () => void }> {
  const element = document.createElement("div");
  return { element, ...(await draw(element, content, ROOM)) };
}

describe("a chart of Vega-Lite", () => {
  it("is drawn as large as its place, in the colours of the page", async () => {
    const { element } = await drawn(SALES);
    const svg = element.querySelector("svg");
    expect([svg?.getAttribute("width"), svg?.getAttribute("height")]).toEqual(["320", "200"]);
    expect(element.textContent).toContain("Sales");
    expect(element.querySelectorAll('[aria-roledescription="bar"]')).toHaveLength(2);
    expect(element.innerHTML).toContain("var(--text)");
  });

  it("keeps what it says of its own looks", async () => {
    const { element } = await drawn({ ...SALES, config: { title: { color: "#123456" } } });
    expect(element.innerHTML).toContain("#123456");
  });

  it("made of several keeps its own sizes", async () => {
    const { data, $schema, ...part } = SALES;
    const { element } = await drawn({ $schema: $schema ?? null, data: data ?? null, hconcat: [part, part] });
    expect(element.querySelector("svg")?.getAttribute("width")).not.toBe("320");
    expect(element.querySelectorAll('[aria-roledescription="bar"]')).toHaveLength(4);
  });

  it("runs nothing: what is no expression of Vega is refused", async () => {
    const transform = [{ calculate: "(function(){ return 1 })()", as: "x" }];
    await expect(drawn({ ...SALES, transform })).rejects.toThrow();
  });

  it("fetches nothing", async () => {
    await expect(drawn({ ...SALES, data: { url: "http://127.0.0.1:9/data.json" } })).rejects.toThrow(
      "nothing is fetched",
    );
  });
});

describe("a chart of Vega", () => {
  it("is drawn as well", async () => {
    const { element } = await drawn({
      $schema: "https://vega.github.io/schema/vega/v6.json",
      marks: [{ type: "rect", encode: { enter: { width: { value: 10 }, height: { value: 10 } } } }],
    });
    expect(element.querySelectorAll(".mark-rect path")).toHaveLength(1);
  });
});
