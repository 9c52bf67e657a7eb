import { expect, it } from "vitest";
import { lastRows } from "@/panels/status/last_rows";

it("has as many rows as are in view, and two more, from the end of the list", () => {
  const inView = { startIndex: 10, endIndex: 14, overscan: 6 };
  expect(lastRows({ ...inView, count: 15 })).toEqual([8, 9, 10, 11, 12, 13, 14]);
  expect(lastRows({ ...inView, count: 100 })).toEqual([93, 94, 95, 96, 97, 98, 99]);
});

it("has all rows of a list that is shorter than the view", () => {
  expect(lastRows({ startIndex: 0, endIndex: 2, overscan: 6, count: 3 })).toEqual([0, 1, 2]);
  expect(lastRows({ startIndex: 0, endIndex: 0, overscan: 6, count: 0 })).toEqual([]);
});
