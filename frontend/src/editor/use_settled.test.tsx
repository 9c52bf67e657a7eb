import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useSettled } from "@/editor/use_settled";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function render(value: number, milliseconds: number) {
  return renderHook((props) => useSettled(props.value, props.milliseconds), {
    initialProps: { value, milliseconds },
  });
}

test("a value is shown only once it has been still", () => {
  const { result, rerender } = render(0, 200);
  for (let value = 1; value <= 20; value += 1) {
    rerender({ value, milliseconds: 200 });
    act(() => vi.advanceTimersByTime(50));
    expect(result.current).toBe(0);
  }
  act(() => vi.advanceTimersByTime(200));
  expect(result.current).toBe(20);
});

test("what followed at once shows nothing old when it begins to wait", () => {
  const { result, rerender } = render(0, 0);
  rerender({ value: 1, milliseconds: 0 });
  expect(result.current).toBe(1);
  rerender({ value: 2, milliseconds: 200 });
  expect(result.current).toBe(1);
  act(() => vi.advanceTimersByTime(200));
  expect(result.current).toBe(2);
});
