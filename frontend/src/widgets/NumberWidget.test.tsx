import { act, fireEvent } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { descriptionOf, showWidget } from "@/widgets/widget_testing";

const COUNT = { type: "integer", minimum: 0 };

describe("a number box", () => {
  it("keeps what is typed and commits what is a number", async () => {
    const { user, committed, onChange, screen } = showWidget({ type: "number" }, 1);
    const box = screen.getByRole("spinbutton", { name: "value" });
    await user.clear(box);
    expect(committed()).toBeUndefined();
    await user.type(box, "1e");
    expect(box).toHaveProperty("value", "1e");
    expect(committed()).toBe(1);
    await user.type(box, "3");
    expect(committed()).toBe(1000);
    await user.tab();
    expect(box).toHaveProperty("value", "1000");
    expect(onChange.mock.calls.every(([value]) => value === undefined || typeof value === "number")).toBe(
      true,
    );
  });

  it("refuses a wrong number with its reason and does not commit it", async () => {
    const { user, committed, screen } = showWidget(COUNT, 5);
    const box = screen.getByRole("spinbutton");
    await user.clear(box);
    await user.type(box, "-3");
    expect(committed()).toBeUndefined();
    await user.tab();
    expect(box).toHaveProperty("value", "-3");
    expect(box.getAttribute("aria-invalid")).toBe("true");
    expect(descriptionOf(box)).toBe("Use 0 or more");
    expect(await seriousFindings()).toEqual([]);
  });

  it("restores on Escape even after it was left with a fault", async () => {
    const { user, screen } = showWidget(COUNT, 5);
    const box = screen.getByRole("spinbutton");
    await user.type(box, "x");
    await user.tab();
    await user.click(box);
    await user.keyboard("{Escape}");
    expect(box).toHaveProperty("value", "5");
    expect(box.getAttribute("aria-invalid")).toBeNull();
  });

  it("steps with the arrow keys within the bounds, and not with the wheel", async () => {
    const { user, committed, onChange, screen } = showWidget(COUNT, 1);
    const box = screen.getByRole("spinbutton");
    await user.click(box);
    await user.keyboard("{ArrowUp}{ArrowUp}");
    expect(committed()).toBe(3);
    await user.keyboard("{PageDown}");
    expect(committed()).toBe(0);
    onChange.mockClear();
    fireEvent.wheel(box, { deltaY: 100 });
    expect(onChange).not.toHaveBeenCalled();
  });

  it("shows a stored value that does not fit, with the reason", () => {
    const { screen } = showWidget(COUNT, "many");
    expect(screen.getByRole("spinbutton")).toHaveProperty("value", "many");
    expect(screen.getByText("This is not a number")).toBeTruthy();
  });

  it("follows undo while a fault is typed", async () => {
    const { user, changeOutside, screen } = showWidget(COUNT, 5);
    const box = screen.getByRole("spinbutton");
    await user.type(box, "x");
    act(() => changeOutside(4));
    expect(box).toHaveProperty("value", "4");
  });
});

describe("a slider", () => {
  it("moves with its number box", async () => {
    const { user, committed, screen } = showWidget({ type: "integer", minimum: 0, maximum: 10 }, 4);
    const slider = screen.getByRole("slider", { name: "value, slider" });
    fireEvent.change(slider, { target: { value: "7" } });
    expect(committed()).toBe(7);
    expect(screen.getByRole("spinbutton")).toHaveProperty("value", "7");
    await user.clear(screen.getByRole("spinbutton"));
    await user.type(screen.getByRole("spinbutton"), "11");
    expect(screen.getByText("Use 10 or less")).toBeTruthy();
    expect(await seriousFindings()).toEqual([]);
  });
});
