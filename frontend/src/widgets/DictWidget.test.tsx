import { waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { descriptionOf, showWidget } from "@/widgets/widget_testing";

const HEADERS = { type: "object", additionalProperties: { type: "string" } };

describe("a dictionary", () => {
  it("gets an entry whose key is typed first", async () => {
    const { user, committed, screen } = showWidget(HEADERS, { a: "1" });
    await user.click(screen.getByRole("button", { name: "Add an entry to value" }));
    expect(committed()).toEqual({ a: "1", key: "" });
    const key = screen.getByRole("textbox", { name: "value, key 2" });
    await waitFor(() => expect(document.activeElement).toBe(key));
    await user.keyboard("b{Enter}");
    expect(committed()).toEqual({ a: "1", b: "" });
    await user.type(screen.getByRole("textbox", { name: "value, value of b" }), "2");
    expect(committed()).toEqual({ a: "1", b: "2" });
    expect(await seriousFindings()).toEqual([]);
  });

  it("does not let a key overwrite another entry", async () => {
    const { user, onChange, screen } = showWidget(HEADERS, { a: "1", b: "2" });
    const key = screen.getByRole("textbox", { name: "value, key 2" });
    await user.clear(key);
    await user.type(key, "a");
    await user.tab();
    expect(screen.getByText("Another entry has this key")).toBeTruthy();
    expect(onChange).not.toHaveBeenCalled();
    await user.click(key);
    await user.keyboard("{Escape}");
    expect(key).toHaveProperty("value", "b");
  });

  it("keeps the order when a key is renamed, and loses an entry", async () => {
    const { user, committed, screen } = showWidget(HEADERS, { a: "1", b: "2" });
    await user.click(screen.getByRole("textbox", { name: "value, key 1" }));
    await user.keyboard("z{Enter}");
    expect(Object.keys(committed() as object)).toEqual(["z", "b"]);
    await user.click(screen.getByRole("button", { name: "Remove z from value" }));
    expect(committed()).toEqual({ b: "2" });
  });
});

describe("an object with known fields", () => {
  const PERSON = {
    type: "object",
    properties: {
      name: { type: "string" },
      age: { type: "integer", minimum: 0 },
      note: { type: "string", default: "–" },
    },
    required: ["name", "age"],
  };

  it("is a form that keeps what it does not know", async () => {
    const { user, committed, screen } = showWidget(PERSON, { name: "Ada", extra: 1 });
    await user.type(screen.getByRole("spinbutton", { name: "value, age" }), "36");
    expect(committed()).toEqual({ name: "Ada", extra: 1, age: 36 });
    expect(screen.getByText("Also set, see JSON: extra")).toBeTruthy();
    expect(screen.getByRole("textbox", { name: "value, note" })).toHaveProperty("dataset.unset", "true");
    expect(await seriousFindings()).toEqual([]);
  });

  it("says which fields are missing once it is begun", () => {
    const { screen } = showWidget(PERSON, { name: "Ada" });
    expect(descriptionOf(screen.getByRole("spinbutton", { name: "value, age" }))).toBe("Set a value");
  });
});
