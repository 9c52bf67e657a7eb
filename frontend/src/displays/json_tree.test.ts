import { describe, expect, it } from "vitest";
import { MOST_CHILDREN, pathText, summaryOf, treeRows } from "@/displays/json_tree";
import { treeStep } from "@/displays/tree_keys";
import { leafWords } from "@/displays/tree_words";
import type { Json } from "@/graph/workflow";

const VALUE: Json = { a: [1, { b: null }], c: "x" };

describe("the rows of a tree", () => {
  it("are those of what is open", () => {
    expect(treeRows(VALUE, () => false).map(({ id }) => id)).toEqual(['["a"]', '["c"]']);
    expect(treeRows(VALUE, () => true).map(({ id, level }) => [id, level])).toEqual([
      ['["a"]', 1],
      ['["a"][0]', 2],
      ['["a"][1]', 2],
      ['["a"][1]["b"]', 3],
      ['["c"]', 1],
    ]);
  });

  it("show something for what is empty", () => {
    expect(treeRows([], () => true)).toHaveLength(1);
    expect(summaryOf([])).toBe("[ ]");
    expect(summaryOf({ a: 1, b: 2, c: 3, d: 4 })).toBe("{ a, b, c, … 4 }");
  });

  it("are walked only as far as anybody looks, and say what is left out", () => {
    const long = Array.from({ length: MOST_CHILDREN + 5 }, (_, index) => index);
    const rows = treeRows(long, () => false);
    expect(rows).toHaveLength(MOST_CHILDREN);
    expect(rows.at(-1)?.hidden).toBe(5);
  });

  it("open the part of a preview that came", () => {
    const preview = { $preview: "list", summary: "list of 9 items", size: 99, head: [1, 2], href: "" };
    expect(treeRows({ p: preview }, () => true)).toHaveLength(3);
  });

  it("have paths that Python understands", () => {
    expect(pathText(["a", 0, 'q"'])).toBe('["a"][0]["q\\""]');
  });
});

describe("the keys of a tree", () => {
  const rows = treeRows(VALUE, (path) => path.length === 1);

  it("go up and down, in and out", () => {
    expect(treeStep("ArrowDown", rows, 0)).toEqual({ kind: "go", to: 1 });
    expect(treeStep("ArrowUp", rows, 0)).toEqual({ kind: "go", to: 0 });
    expect(treeStep("End", rows, 0)).toEqual({ kind: "go", to: rows.length - 1 });
    expect(treeStep("ArrowRight", rows, 0)).toEqual({ kind: "go", to: 1 });
    expect(treeStep("ArrowLeft", rows, 0)).toEqual({ kind: "toggle" });
    expect(treeStep("ArrowLeft", rows, 1)).toEqual({ kind: "go", to: 0 });
    expect(treeStep("ArrowRight", rows, 2)).toEqual({ kind: "toggle" });
    expect(treeStep("Enter", rows, 1)).toEqual({ kind: "go", to: 1 });
    expect(treeStep("x", rows, 0)).toBeUndefined();
  });
});

describe("the words for a value in a tree", () => {
  const words = (value: Json) => leafWords({ value, isOpen: false });

  it("tell kinds apart", () => {
    expect(words("a\nb")).toEqual({ kind: "text", text: '"a\\nb"' });
    expect(words("NaN")).toEqual({ kind: "number", text: "NaN" });
    expect(words({ $cycle: true }).text).toBe("(refers back to what it is part of)");
    expect(words({ $type: "m.C", $repr: "<C>" }).text).toBe("<C>");
    expect(words("https://example.org")).toMatchObject({ link: "https://example.org" });
    expect(words("data:image/png;base64,AAAA")).toMatchObject({ text: "image/png, 3 bytes" });
    expect(words("x".repeat(1000)).text.length).toBeLessThan(310);
  });
});
