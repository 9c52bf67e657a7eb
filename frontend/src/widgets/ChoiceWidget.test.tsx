import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { paramOf, showWidget } from "@/widgets/widget_testing";

describe("a choice", () => {
  it("commits values with their real types", async () => {
    const { user, committed, screen } = showWidget({ enum: ["1", 1, true] }, "1");
    const select = screen.getByRole("combobox", { name: "value" });
    await user.selectOptions(select, screen.getByRole("option", { name: "1" }));
    expect(committed()).toBe(1);
    await user.selectOptions(select, "True");
    expect(committed()).toBe(true);
    expect(await seriousFindings()).toEqual([]);
  });

  it("offers none where none is allowed", async () => {
    const { user, committed, screen } = showWidget({ anyOf: [{ enum: ["a"] }, { type: "null" }] }, "a");
    await user.selectOptions(screen.getByRole("combobox"), "None");
    expect(committed()).toBeNull();
  });

  it("keeps and marks a stored value that is none of the choices", () => {
    const { screen } = showWidget({ enum: ["a", "b"] }, "c");
    expect(screen.getByRole("combobox")).toHaveProperty("selectedOptions.0.textContent", "c");
    expect(screen.getByText("c is not one of the choices")).toBeTruthy();
  });

  it("asks for a choice while there is none", () => {
    const { screen } = showWidget({ enum: ["a", "b"] });
    expect(screen.getByRole("combobox")).toHaveProperty("selectedOptions.0.textContent", "Choose…");
  });
});

describe("a switch", () => {
  it("turns on and off, and shows its default", async () => {
    const schema = { type: "boolean" };
    const param = paramOf(schema, { required: false, default: true });
    const { user, committed, screen } = showWidget(schema, undefined, { param });
    const box = screen.getByRole("switch", { name: "value" });
    expect(box).toHaveProperty("checked", true);
    await user.click(box);
    expect(committed()).toBe(false);
    box.focus();
    await user.keyboard(" ");
    expect(committed()).toBe(true);
    expect(await seriousFindings()).toEqual([]);
  });

  it("names a stored value that is neither", () => {
    const { screen } = showWidget({ type: "boolean" }, "perhaps");
    expect(screen.getByText(/neither true nor false/)).toBeTruthy();
  });
});
