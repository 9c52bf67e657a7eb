import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { descriptionOf, showWidget } from "@/widgets/widget_testing";

const TUPLE = { type: "array", prefixItems: [{ type: "integer" }] };

describe("a value as JSON", () => {
  it("names the line of a fault, leads there, and keeps the last good value", async () => {
    const { user, onChange, screen } = showWidget(TUPLE, [1]);
    const box = screen.getByRole("textbox");
    await user.type(box, "{Enter}x");
    expect(onChange).not.toHaveBeenCalled();
    expect(descriptionOf(box)).toBe("Line 2, column 1: Nothing may follow the value");
    await user.click(screen.getByRole("button", { name: "Show where" }));
    expect(document.activeElement).toBe(box);
    expect(box).toHaveProperty("selectionStart", 4);
    expect(await seriousFindings()).toEqual([]);
  });
});

describe("a value of any type", () => {
  it("is read as JSON if it is that, and says so", async () => {
    const { user, committed, screen } = showWidget({}, undefined);
    const box = screen.getByRole("textbox");
    await user.type(box, "42");
    expect(committed()).toBe(42);
    expect(screen.getByRole("button", { name: /Read as number/ })).toBeTruthy();
    await user.clear(box);
    expect(committed()).toBeUndefined();
    await user.type(box, "hello");
    expect(committed()).toBe("hello");
    expect(await seriousFindings()).toEqual([]);
  });

  it("can be marked as text, and unmarked", async () => {
    const { user, committed, screen } = showWidget({}, 42);
    await user.click(screen.getByRole("button", { name: "Read as number. Read it as text" }));
    expect(committed()).toBe("42");
    await user.click(screen.getByRole("button", { name: /^Read as text\. Read it as JSON/ }));
    expect(committed()).toBe(42);
  });

  it("says when what looks like JSON is taken as text", async () => {
    const { user, committed, screen } = showWidget({}, undefined);
    await user.type(screen.getByRole("textbox"), "[[1, 2");
    expect(committed()).toBe("[1, 2");
    expect(screen.getByText(/Taken as text\. As JSON: line 1/)).toBeTruthy();
  });
});
