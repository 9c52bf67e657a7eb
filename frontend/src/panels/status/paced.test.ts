import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "@/panels/status/paced";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Something that changes, and what a listener at a pace has seen of it. */
function watched(pace: { milliseconds: number }) {
  const listeners = new Set<() => void>();
  let value = 0;
  const seen: number[] = [];
  const subscribe = paced(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pace.milliseconds,
  );
  const leave = subscribe(() => seen.push(value));
  const change = () => {
    value += 1;
    for (const listener of listeners) listener();
  };
  return { change, leave, seen };
}

test("what changes all the time is told now and then, and the last change in the end", () => {
  const { change, seen } = watched({ milliseconds: 100 });
  for (let count = 0; count < 40; count += 1) {
    change();
    vi.advanceTimersByTime(10);
  }
  expect(seen[0]).toBe(1);
  expect(seen.length).toBeGreaterThan(3);
  expect(seen.length).toBeLessThan(8);
  vi.advanceTimersByTime(100);
  expect(seen.at(-1)).toBe(40);
});

test("without a pace every change is told at once", () => {
  const pace = { milliseconds: 0 };
  const { change, seen } = watched(pace);
  change();
  change();
  expect(seen).toEqual([1, 2]);
  pace.milliseconds = 100;
  change();
  expect(seen).toEqual([1, 2]);
  vi.advanceTimersByTime(100);
  expect(seen).toEqual([1, 2, 3]);
});

test("a change at once does not wait for a slower pace of before, nor is it told twice", () => {
  const pace = { milliseconds: 100 };
  const { change, seen } = watched(pace);
  change();
  change();
  pace.milliseconds = 0;
  change();
  expect(seen).toEqual([1, 3]);
  vi.advanceTimersByTime(1_000);
  expect(seen).toEqual([1, 3]);
});

test("nothing is told to who has left", () => {
  const { change, leave, seen } = watched({ milliseconds: 100 });
  change();
  change();
  leave();
  vi.advanceTimersByTime(1_000);
  change();
  expect(seen).toEqual([1]);
});
