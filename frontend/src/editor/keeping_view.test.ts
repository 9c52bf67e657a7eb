import { describe, expect, it } from "vitest";
import { fittingView, isInView, keptView } from "@/editor/keeping_view";

const WIDE = { width: 1200, height: 800 };
const NARROW = { width: 800, height: 800 };
const BOUNDS = { x: 0, y: 0, width: 1000, height: 400 };

describe("the view when panels open and close", () => {
  it("shows everything again when everything was shown", () => {
    const kept = keptView(BOUNDS, fittingView(BOUNDS, WIDE), WIDE, NARROW);
    expect(kept).toEqual({ view: fittingView(BOUNDS, NARROW), isFitted: true });
    expect(kept && isInView(BOUNDS, kept.view, NARROW)).toBe(true);
    expect(keptView(BOUNDS, fittingView(BOUNDS, NARROW), NARROW, WIDE)?.view).toEqual(
      fittingView(BOUNDS, WIDE),
    );
  });

  it("stays when everything was and is in view, wherever the user had put it", () => {
    const view = { x: 10, y: 10, zoom: 0.5 };
    expect(keptView(BOUNDS, view, WIDE, NARROW)).toBeNull();
  });

  it("keeps its middle when there was more than was in view", () => {
    const view = { x: -400, y: 0, zoom: 1 };
    expect(keptView(BOUNDS, view, WIDE, NARROW)).toEqual({
      view: { x: -600, y: 0, zoom: 1 },
      isFitted: false,
    });
  });

  it("keeps its middle in an empty workflow", () => {
    expect(keptView(null, { x: 0, y: 0, zoom: 1 }, WIDE, NARROW)?.view.x).toBe(-200);
  });
});
