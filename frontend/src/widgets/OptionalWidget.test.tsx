import { waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { showWidget } from "@/widgets/widget_testing";

const MAYBE = { anyOf: [{ type: "integer", minimum: 2 }, { type: "null" }] };

describe("a value that may be none", () => {
  it("says so, becomes a value and none again, with the focus following", async () => {
    const { user, committed, screen } = showWidget(MAYBE, null);
    await user.click(screen.getByRole("button", { name: "value: None Set" }));
    expect(committed()).toBe(2);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("spinbutton")));
    expect(await seriousFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Set value to none" }));
    expect(committed()).toBeNull();
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("button", { name: /None Set/ })),
    );
  });
});

describe("a value of one of several types", () => {
  const SIZE = { anyOf: [{ const: "auto", type: "string" }, { type: "integer" }, { type: "string" }] };

  it("shows the type that the value is of", () => {
    const { screen } = showWidget(SIZE, 7);
    expect(screen.getByRole("combobox", { name: "value, type" })).toHaveProperty(
      "selectedOptions.0.textContent",
      "Whole number",
    );
    expect(screen.getByRole("spinbutton")).toHaveProperty("value", "7");
  });

  it("changes the value with the type", async () => {
    const { user, committed, screen } = showWidget(SIZE, 7);
    const type = screen.getByRole("combobox", { name: "value, type" });
    await user.selectOptions(type, "auto");
    expect(committed()).toBe("auto");
    expect(screen.queryByRole("spinbutton")).toBeNull();
    await user.selectOptions(type, "Text");
    expect(screen.getByRole("textbox")).toHaveProperty("value", "auto");
    expect(await seriousFindings()).toEqual([]);
  });
});
