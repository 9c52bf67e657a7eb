import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SENT, showValue } from "@/displays/display_testing";
import type { Json } from "@/graph/workflow";
import { seriousFindings } from "@/widgets/accessibility_testing";

/** A text that each value has to show. */
const SHOWN: Readonly<Record<string, RegExp>> = {
  number: /^48$/,
  not_a_number: /^nan$/,
  none: /^None$/,
  truth: /^True$/,
  text: /a short text/,
  long_text: /text of 25,000 characters, 25 kB/,
  list: /List of 5 items/,
  long_list: /list of 5,000 items/,
  object: /Object with 3 keys/,
  large_object: /dict of 500 keys/,
  list_with_a_long_text: /text of 5,000 characters/,
  records: /3 rows × 2 columns/,
  many_records: /of 500 rows × 2 columns/,
  frame: /3 rows × 2 columns/,
  large_frame: /of 500 rows × 2 columns/,
  series: /^height$/,
  large_series: /of 5,000 rows × 1 columns/,
  array: /3 × 3/,
  large_array: /float64 array 100 x 100/,
  large_vector: /The first \d+ numbers/,
  image: /^Image$/,
  large_image: /L image 300 x 300/,
  bytes: /hello/,
  large_bytes: /0000 {2}00 00/,
  figure: /figure with 1 plot/,
  plot: /Interactive plot/,
  large_plot: /Plotly, 1 trace/,
  opaque: /Opaque/,
  circle: /refers back to what it is part of/,
};

describe("a value", () => {
  it.each(Object.keys(SENT))(
    "that is %s is shown, in a panel and in a node, without accessibility findings",
    async (name) => {
      const value: Json = SENT[name] ?? null;
      const { container, unmount } = showValue(value);
      const matches = await screen.findAllByText(
        (_, element) => SHOWN[name]?.test(element?.textContent ?? "") ?? false,
      );
      expect(matches.length).toBeGreaterThan(0);
      expect(await seriousFindings(container)).toEqual([]);
      unmount();
      expect(showValue(value, "node").container.textContent).not.toContain("cannot be shown properly");
    },
  );

  it.each([
    ["sound", "data:audio/wav;base64,UklGRg==", "audio"],
    ["a film", "data:video/mp4;base64,AAAA", "video"],
    [
      "a failure",
      { message: "division by zero", type: "ZeroDivisionError", traceback: "Traceback" },
      "details",
    ],
    ["an address", "https://example.org", 'a[rel="noopener noreferrer"]'],
    ["a drawing of a class", { $type: "m.C", $repr: "C", $mime: { "image/svg+xml": "<svg/>" } }, "img"],
  ] satisfies [string, Json, string][])("that is %s has its element", async (_, value, selector) => {
    const { container } = showValue(value);
    expect(container.querySelector(selector)).not.toBeNull();
    expect(await seriousFindings(container)).toEqual([]);
  });

  it("that claims to be an array but is not is still shown", async () => {
    showValue({ $preview: "array", summary: "odd", size: 1, head: { shape: "?" }, href: "" });
    expect((await screen.findAllByText(/odd/)).length).toBeGreaterThan(0);
  });

  it("of a kind from the future is shown as what came of it", () => {
    showValue({ $preview: "hologram", summary: "hologram", size: 1, head: { a: 1 }, href: "" });
    expect(screen.getByRole("treeitem").textContent).toContain("a:");
  });
});

describe("HTML", () => {
  it("is shown in a frame that can do nothing", async () => {
    const { container } = showValue({
      $type: "m.C",
      $repr: "C",
      $mime: { "text/html": "<script>alert(1)</script>" },
    });
    const frame = container.querySelector("iframe");
    expect(frame?.getAttribute("sandbox")).not.toMatch(/same-origin|scripts|forms|top-navigation/);
    expect(frame?.getAttribute("srcdoc")).toMatch(
      /^<meta http-equiv="Content-Security-Policy" content="default-src 'none'/,
    );
    expect(screen.getByText(/Scripts do not run here/)).toBeTruthy();
  });
});
