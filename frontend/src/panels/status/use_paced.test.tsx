import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { usePaced } from "@/panels/status/use_paced";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function render(value: number, milliseconds: number) {
  return renderHook((props) => usePaced(props.value, props.milliseconds), {
    initialProps: { value, milliseconds },
  });
}

test("a value that changes all the time is shown now and then, and the last one in the end", () => {
  const { result, rerender } = render(0, 100);
  const seen = new Set([result.current]);
  for (let value = 1; value <= 40; value += 1) {
    rerender({ value, milliseconds: 100 });
    act(() => vi.advanceTimersByTime(10));
    seen.add(result.current);
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(seen.size).toBeLessThan(8);
  act(() => vi.advanceTimersByTime(100));
  expect(result.current).toBe(40);
});

test("without a pace every value is shown at once, and nothing old when it gets one", () => {
  const { result, rerender } = render(0, 0);
  rerender({ value: 1, milliseconds: 0 });
  expect(result.current).toBe(1);
  rerender({ value: 1, milliseconds: 100 });
  expect(result.current).toBe(1);
});
