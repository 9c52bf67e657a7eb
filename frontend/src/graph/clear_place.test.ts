import { describe, expect, it } from "vitest";
import { clearPlace } from "@/graph/clear_place";

const box = (x: number, y: number) => ({ id: `${x} ${y}`, x, y, width: 240, height: 120 });
const overlaps = (a: { x: number; y: number }, b: { x: number; y: number }) =>
  Math.abs(a.x - b.x) < 240 && Math.abs(a.y - b.y) < 120;

describe("the place of a new node", () => {
  it("is where it is wanted when that is free, on the grid", () => {
    expect(clearPlace([], { x: 7, y: 25 })).toEqual({ x: 0, y: 32 });
  });

  it("is beside what is there already, time after time", () => {
    const boxes: ReturnType<typeof box>[] = [];
    for (let count = 0; count < 30; count += 1) {
      const { x, y } = clearPlace(boxes, { x: 0, y: 0 });
      expect(boxes.some((other) => overlaps(other, { x, y }))).toBe(false);
      boxes.push(box(x, y));
    }
  });
});
