import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { onceReleased, watchPressing } from "@/app/pressing";

let stop: () => void;
beforeEach(() => {
  stop = watchPressing();
});
afterEach(() => stop());

const point = (type: string) => window.dispatchEvent(new Event(type));

describe("what waits for the pointer", () => {
  it("is done at once while nothing is pressed", () => {
    const done: string[] = [];
    onceReleased(() => done.push("now"));
    expect(done).toEqual(["now"]);
  });

  it.each(["pointerup", "pointercancel"])("is done once, on %s, while something is pressed", (end) => {
    const done: string[] = [];
    point("pointerdown");
    onceReleased(() => done.push("later"));
    expect(done).toEqual([]);
    point(end);
    point(end);
    expect(done).toEqual(["later"]);
  });

  it("is not done when it was called off", () => {
    const done: string[] = [];
    point("pointerdown");
    onceReleased(() => done.push("never"))();
    point("pointerup");
    expect(done).toEqual([]);
  });
});
