import { waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { showWidget } from "@/widgets/widget_testing";

const NUMBERS = { type: "array", items: { type: "integer" } };
const ADD = { name: "Add an item to value" };

describe("a list", () => {
  it("grows by an item that has the focus", async () => {
    const { user, committed, screen } = showWidget(NUMBERS, [1]);
    await user.click(screen.getByRole("button", ADD));
    expect(committed()).toEqual([1, 0]);
    const added = screen.getByRole("spinbutton", { name: "value, item 2" });
    await waitFor(() => expect(document.activeElement).toBe(added));
    await user.clear(added);
    await user.type(added, "7");
    expect(committed()).toEqual([1, 7]);
    expect(await seriousFindings()).toEqual([]);
  });

  it("loses an item without disturbing the drafts of others", async () => {
    const { user, committed, screen } = showWidget(NUMBERS, [1, 2, 3]);
    await user.type(screen.getByRole("spinbutton", { name: "value, item 3" }), "x");
    await user.click(screen.getByRole("button", { name: "Remove value, item 1" }));
    expect(committed()).toEqual([2, 3]);
    expect(screen.getByRole("spinbutton", { name: "value, item 2" })).toHaveProperty("value", "3x");
  });

  it("is reordered with Alt and the arrow keys, the focus staying on the item", async () => {
    const { user, committed, screen } = showWidget(NUMBERS, [1, 2, 3]);
    await user.click(screen.getByRole("spinbutton", { name: "value, item 1" }));
    await user.keyboard("{Alt>}{ArrowDown}{/Alt}");
    expect(committed()).toEqual([2, 1, 3]);
    await waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole("spinbutton", { name: "value, item 2" })),
    );
    expect(screen.getByText("Moved to position 2 of 3")).toBeTruthy();
  });

  it("is reordered with buttons", async () => {
    const { user, committed, screen } = showWidget(NUMBERS, [1, 2]);
    await user.click(screen.getByRole("button", { name: "Move up value, item 2" }));
    expect(committed()).toEqual([2, 1]);
    expect(screen.getByRole("button", { name: "Move up value, item 1" })).toHaveProperty("disabled", true);
  });

  it("can be edited as JSON, and must stay a list", async () => {
    const { user, committed, screen } = showWidget(NUMBERS, [1]);
    await user.click(screen.getByRole("button", { name: "Edit value as JSON" }));
    const box = screen.getByRole("textbox", { name: "value" });
    await user.clear(box);
    await user.type(box, "[[4, 5]");
    expect(committed()).toEqual([4, 5]);
    await user.clear(box);
    await user.type(box, "5");
    expect(committed()).not.toBe(5);
    expect(screen.getByText("Use a list: [ … ]")).toBeTruthy();
  });

  it("falls back to JSON for what is no list", () => {
    const { screen } = showWidget(NUMBERS, "text");
    expect(screen.getByText("This is not a list yet")).toBeTruthy();
    expect(screen.getByRole("textbox")).toHaveProperty("value", '"text"');
  });

  it("is closed in a node until it is wanted, and shows a long one in parts", async () => {
    const { user, screen } = showWidget(
      NUMBERS,
      Array.from({ length: 120 }, (_, index) => index),
      { compact: true },
    );
    expect(screen.queryByRole("spinbutton")).toBeNull();
    await user.click(screen.getByRole("button", { name: "120 items" }));
    expect(screen.getAllByRole("spinbutton")).toHaveLength(50);
    await user.click(screen.getByRole("button", { name: "Show more items of value" }));
    expect(screen.getAllByRole("spinbutton")).toHaveLength(100);
  });

  it("takes no more than the schema allows", () => {
    const { screen } = showWidget({ ...NUMBERS, maxItems: 1 }, [1]);
    expect(screen.getByRole("button", ADD)).toHaveProperty("disabled", true);
  });
});
