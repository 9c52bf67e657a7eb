import { act, cleanup, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useFollowing } from "@/panels/status/use_following";

/** jsdom lays nothing out: a box of 100 pixels, and as much in it as each test says. */
let content = 0;

beforeEach(() => {
  content = 1_000;
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(100);
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockImplementation(() => content);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function List({ length }: { length: number }) {
  const box = useRef<HTMLDivElement>(null);
  const { following, onScroll, follow } = useFollowing(box, length, true);
  return (
    <>
      <div ref={box} data-testid="box" onScroll={onScroll} />
      {!following && (
        <button type="button" onClick={follow}>
          Follow
        </button>
      )}
    </>
  );
}

const box = () => screen.getByTestId("box");
const isFollowing = () => screen.queryByRole("button") === null;
function scrollTo(top: number) {
  act(() => {
    box().scrollTop = top;
    box().dispatchEvent(new Event("scroll", { bubbles: true }));
  });
}

it("shows the end of a list that grows, also when it has grown before the page was scrolled", () => {
  const { rerender } = render(<List length={1} />);
  expect(box().scrollTop).toBe(1_000);
  content = 5_000;
  scrollTo(900);
  expect(isFollowing()).toBe(true);
  rerender(<List length={2} />);
  expect(box().scrollTop).toBe(5_000);
});

it("shows the end of a list that becomes shorter, also when it has grown before the page is told", () => {
  const { rerender } = render(<List length={1} />);
  scrollTo(900);
  content = 500;
  rerender(<List length={2} />);
  content = 5_000;
  scrollTo(500);
  expect(isFollowing()).toBe(true);
});

it("stays where the user has gone, until they are back at the end", () => {
  const { rerender } = render(<List length={1} />);
  scrollTo(900);
  scrollTo(300);
  expect(isFollowing()).toBe(false);
  content = 2_000;
  rerender(<List length={2} />);
  expect(box().scrollTop).toBe(300);
  scrollTo(400);
  expect(isFollowing()).toBe(false);
  scrollTo(1_890);
  expect(isFollowing()).toBe(true);
});

it("goes on when it is asked to", () => {
  render(<List length={1} />);
  scrollTo(900);
  scrollTo(300);
  act(() => screen.getByRole("button").click());
  expect(box().scrollTop).toBe(1_000);
  expect(isFollowing()).toBe(true);
});
