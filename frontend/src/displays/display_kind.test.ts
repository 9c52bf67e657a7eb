import { describe, expect, it } from "vitest";
import { type DisplayName, displayKind } from "@/displays/display_kind";
import { asPreview } from "@/displays/preview_object";
import previews from "@/displays/previews.json";
import type { Json } from "@/graph/workflow";

const EXPECTED: Readonly<Record<keyof typeof previews, DisplayName>> = {
  number: "scalar",
  not_a_number: "scalar",
  none: "scalar",
  truth: "scalar",
  text: "text",
  long_text: "text",
  list: "tree",
  long_list: "tree",
  object: "tree",
  large_object: "tree",
  list_with_a_long_text: "tree",
  records: "table",
  many_records: "table",
  frame: "table",
  large_frame: "table",
  series: "table",
  large_series: "table",
  array: "array",
  large_array: "array",
  large_vector: "array",
  image: "image",
  large_image: "image",
  bytes: "file",
  large_bytes: "file",
  figure: "image",
  plot: "figure",
  large_plot: "figure",
  opaque: "object",
  circle: "tree",
};

const MORE: readonly (readonly [string, Json, DisplayName])[] = [
  ["an address", "https://example.org/a?b=c", "link"],
  ["text with an address in it", "see https://example.org", "text"],
  ["HTML as data", "data:text/html;base64,PGI+", "html"],
  ["sound", "data:audio/wav;base64,UklGRg==", "audio"],
  ["a film", "data:video/mp4;base64,AAAA", "video"],
  ["bytes that are a PNG", "data:application/octet-stream;base64,iVBORw0KGgo=", "image"],
  ["text that only begins like data", "data: none", "text"],
  ["a cycle", { $cycle: true }, "mark"],
  ["a failure", { message: "m", type: "T", traceback: "" }, "error"],
  ["a Vega-Lite plot", { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" }, "figure"],
  ["objects of different kinds", [{ a: 1 }, { b: 2 }, { c: 3 }], "tree"],
  ["a single record", [{ a: 1 }], "tree"],
  ["ragged rows", [[1, 2], [3]], "tree"],
  ["an empty list", [], "tree"],
  ["an object that only looks like a table", { index: [1], data: [] }, "tree"],
];

describe("the choice of a display", () => {
  it.each(Object.entries(previews))("for %s as the server sends it", (name, sent) => {
    const preview = asPreview(sent as Json);
    const expected = EXPECTED[name as keyof typeof previews];
    expect(displayKind(preview ? preview.head : (sent as Json), preview)).toBe(expected);
  });

  it.each(MORE)("for %s", (_, value, expected) => {
    expect(displayKind(value)).toBe(expected);
  });

  it("is a mark when nothing of the value came", () => {
    const preview = asPreview({ $preview: "other", summary: "Model", size: 9, head: null, href: "" });
    expect(displayKind(null, preview)).toBe("mark");
  });
});
