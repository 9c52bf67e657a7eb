import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IconButton } from "@/ui/IconButton";
import { TooltipLayer } from "@/ui/TooltipLayer";
import { tooltipPlace } from "@/ui/tooltip_place";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const shown = () => screen.queryByRole("tooltip", { hidden: true })?.textContent ?? "";
const wait = (milliseconds: number) => act(() => vi.advanceTimersByTime(milliseconds));

function page() {
  render(
    <>
      <IconButton label="Zoom in" keys="Shift+a">
        <i />
      </IconButton>
      <p>Elsewhere</p>
      <TooltipLayer />
    </>,
  );
  return screen.getByRole("button", { name: "Zoom in" });
}

describe("tooltips", () => {
  it("come when the pointer rests on a button, and go when it leaves", () => {
    const button = page();
    fireEvent.pointerOver(button);
    wait(300);
    expect(shown()).toBe("");
    wait(300);
    expect(shown()).toContain("Zoom in");
    fireEvent.pointerOver(screen.getByText("Elsewhere"));
    wait(200);
    expect(shown()).toBe("");
  });

  it("stay while the pointer is on them, and go with the Escape key", () => {
    fireEvent.pointerOver(page());
    wait(500);
    fireEvent.pointerOver(screen.getByRole("tooltip", { hidden: true }));
    wait(1000);
    expect(shown()).toContain("Zoom in");
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(shown()).toBe("");
  });

  it("do not come for a button that is pressed", () => {
    const button = page();
    fireEvent.pointerOver(button);
    fireEvent.pointerDown(button);
    wait(1000);
    expect(shown()).toBe("");
  });

  it("come at once when the button is reached with the keyboard", async () => {
    vi.useRealTimers();
    page();
    await userEvent.tab();
    expect(shown()).toContain("Zoom in");
  });
});

describe("the place of a tooltip", () => {
  const window = { width: 400, height: 300 };
  const own = { width: 100, height: 20 };

  it("is beside the button, centred", () => {
    const button = { left: 200, top: 100, width: 20, height: 20 };
    expect(tooltipPlace(button, own, "bottom", window)).toEqual({ left: 160, top: 126 });
    expect(tooltipPlace(button, own, "right", window)).toEqual({ left: 226, top: 100 });
  });

  it("is on the other side, and moved into the window, where there is no room", () => {
    const button = { left: 380, top: 275, width: 20, height: 20 };
    expect(tooltipPlace(button, own, "bottom", window)).toEqual({ left: 292, top: 249 });
    expect(tooltipPlace(button, own, "right", window)).toEqual({ left: 274, top: 272 });
  });
});
