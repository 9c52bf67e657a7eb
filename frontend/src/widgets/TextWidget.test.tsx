import { act, fireEvent } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { descriptionOf, paramOf, showWidget } from "@/widgets/widget_testing";

const TEXT = { type: "string" };

describe("a text field", () => {
  it("commits every keystroke and takes several lines", async () => {
    const { user, committed, onChange, screen } = showWidget(TEXT, "");
    await user.type(screen.getByRole("textbox", { name: "value" }), "a{Enter}b");
    expect(committed()).toBe("a\nb");
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it("goes back to what it was on Escape, and lets the next Escape pass", async () => {
    const { user, committed, screen } = showWidget(TEXT, "before");
    const box = screen.getByRole("textbox");
    await user.type(box, " and after{Escape}");
    expect(committed()).toBe("before");
    expect(box).toHaveProperty("value", "before");
    expect(fireEvent.keyDown(box, { key: "Escape" })).toBe(true);
  });

  it("follows a change from outside while it has the focus", async () => {
    const { user, changeOutside, screen } = showWidget(TEXT, "a");
    const box = screen.getByRole("textbox");
    await user.type(box, "b");
    act(() => changeOutside("a"));
    expect(box).toHaveProperty("value", "a");
  });

  it("shows the default as not set, and unsets again on Escape", async () => {
    const param = paramOf(TEXT, { required: false, default: "hello" });
    const { user, committed, screen } = showWidget(TEXT, undefined, { param });
    const box = screen.getByRole("textbox");
    expect(box).toHaveProperty("value", "hello");
    expect(box).toHaveProperty("dataset.unset", "true");
    await user.type(box, "!{Escape}");
    expect(committed()).toBeUndefined();
    expect(box).toHaveProperty("dataset.unset", "true");
  });

  it("shows a default that is not JSON as a hint", () => {
    const param = paramOf(TEXT, { required: false, default_repr: "b'x'" });
    const { screen } = showWidget(TEXT, undefined, { param });
    expect(screen.getByPlaceholderText("Default: b'x'")).toHaveProperty("value", "");
  });

  it("says what is wrong with a text, but keeps it", async () => {
    const { user, committed, screen } = showWidget({ type: "string", minLength: 3 }, "");
    const box = screen.getByRole("textbox");
    await user.type(box, "ab");
    expect(committed()).toBe("ab");
    expect(descriptionOf(box)).toBe("Use at least 3 characters");
    expect(await seriousFindings()).toEqual([]);
  });
});

describe("a text field on one line", () => {
  it("shows what form is asked for", () => {
    const { screen } = showWidget({ type: "string", format: "uuid" }, "nope");
    expect(descriptionOf(screen.getByRole("textbox"))).toMatch(/Use a UUID/);
  });

  it("leaves patterns that JavaScript cannot read to the server", () => {
    const { screen } = showWidget({ type: "string", pattern: "(?P<year>a)" }, "b");
    expect(screen.getByRole("textbox").getAttribute("aria-invalid")).toBeNull();
  });
});
