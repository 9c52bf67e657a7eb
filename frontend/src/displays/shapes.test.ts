import { describe, expect, it } from "vitest";
import { arrayOfHead, asArray, gridOf, levelOf, shortNumber } from "@/displays/array_shape";
import { asDataUrl, blobOf, endingOf, firstBytes } from "@/displays/data_url";
import { looksLikeMarkdown } from "@/displays/markdown_signs";
import { fileName, textOf } from "@/displays/saving";
import { counted, sizeWords } from "@/displays/sizes";
import { asPage, asTable, isNumeric, joined } from "@/displays/table_shape";

describe("tables", () => {
  it("are made of data frames, series and records", () => {
    const frame = asTable({ columns: ["a", ["b", 1]], index: [0], data: [[1, "x"]] });
    expect(frame).toEqual({ columns: ["a", "b / 1"], index: [0], rows: [[1, "x"]] });
    expect(asTable({ name: null, index: [0, 1], data: [5, 6] })?.columns).toEqual(["value"]);
    expect(asTable([{ a: 1 }, { a: 2, b: 3 }])?.rows).toEqual([
      [1, null],
      [2, 3],
    ]);
  });

  it("grow by pages whose columns may differ", () => {
    const first = asTable([{ a: 1 }, { a: 2 }]);
    const page = asPage([{ b: 3, a: 4 }], 2);
    if (!first || !page) throw new Error("both are tables");
    expect(joined(first, page)).toEqual({ columns: ["a", "b"], index: [0, 1, 2], rows: [[1], [2], [4, 3]] });
  });

  it("know columns of numbers, whatever is missing in them", () => {
    const table = asTable({
      columns: ["n", "s"],
      index: [0, 1, 2],
      data: [
        [null, "a"],
        ["NaN", "b"],
        [3, 4],
      ],
    });
    if (!table) throw new Error("it is a table");
    expect([isNumeric(table, 0), isNumeric(table, 1)]).toEqual([true, false]);
  });
});

describe("arrays", () => {
  it("are regular nested lists of numbers", () => {
    expect(
      asArray([
        [1, 2],
        [3, "NaN"],
      ])?.shape,
    ).toEqual([2, 2]);
    expect(asArray([1, 2, 3])).toBeUndefined();
    expect(
      asArray([
        ["a", "b"],
        ["c", "d"],
      ]),
    ).toBeUndefined();
  });

  it("show two of their dimensions", () => {
    const grid = gridOf([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
    expect(grid).toEqual({
      rows: [
        [1, 2],
        [3, 4],
      ],
      least: 1,
      greatest: 4,
    });
    expect(levelOf(4, grid)).toBe(1);
    expect(levelOf("NaN", grid)).toBeUndefined();
    expect(shortNumber(0.123456789)).toBe("0.123457");
  });

  it("say what was only sampled", () => {
    const array = arrayOfHead({
      shape: [9],
      dtype: "int8",
      min: 1,
      max: 2,
      mean: 1.5,
      sampled: true,
      corner: [1],
    });
    expect(array?.facts).toContainEqual(["min", "about 1"]);
  });
});

describe("data URLs", () => {
  it("are recognised by what they hold", async () => {
    const url = asDataUrl("data:text/plain;charset=utf-8;base64,aGVsbG8=");
    expect(url).toMatchObject({ mime: "text/plain", size: 5 });
    expect(url && (await blobOf(url).text())).toBe("hello");
    expect(url && [...firstBytes(url, 2)]).toEqual([104, 101]);
    expect(asDataUrl("data:application/octet-stream;base64,UklGRiQAAABXQVZF")?.mime).toBe("audio/wav");
    expect(asDataUrl("data:application/octet-stream;base64,AAAA")?.mime).toBe("application/octet-stream");
    expect(asDataUrl("hello")).toBeUndefined();
    expect(endingOf("image/svg+xml")).toBe("svg");
  });
});

describe("words", () => {
  it("for sizes, counts and files", () => {
    expect([sizeWords(0), sizeWords(999), sizeWords(1500), sizeWords(3e8)]).toEqual([
      "0 bytes",
      "999 bytes",
      "1.5 kB",
      "300 MB",
    ]);
    expect(counted(1, "item")).toBe("1 item");
    expect(fileName("/runs/r1/values/my%20node/output")).toBe("my-node");
    expect(textOf({ a: 1 })).toBe('{\n  "a": 1\n}');
  });

  it("are Markdown when they look like it", () => {
    expect(looksLikeMarkdown("# Title\n\ntext")).toBe(true);
    expect(looksLikeMarkdown("a\n\n- b\n- c\n\n**d**")).toBe(true);
    expect(looksLikeMarkdown("2 * 3 * 4 = 24")).toBe(false);
    expect(looksLikeMarkdown('{"a": "# b"}')).toBe(false);
    expect(looksLikeMarkdown("Traceback (most recent call last):\n# x")).toBe(false);
  });
});
