import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seriousFindings } from "@/widgets/accessibility_testing";
import { paramOf, showWidget } from "@/widgets/widget_testing";

const SECRET = { type: "string", format: "password", writeOnly: true };
const TEXT = { type: "string" };

beforeEach(() => {
  const secrets = [
    { name: "API_KEY", updated_at: "2026-01-01T00:00:00Z" },
    { name: "TOKEN", updated_at: "2026-01-01T00:00:00Z" },
  ];
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ secrets })));
});

afterEach(() => vi.unstubAllGlobals());

describe("a secret", () => {
  it("is chosen by name and kept as a reference", async () => {
    const { user, committed, screen } = showWidget(SECRET);
    const select = screen.getByRole("combobox", { name: "value" });
    await screen.findByRole("option", { name: "TOKEN" });
    await user.selectOptions(select, "TOKEN");
    expect(committed()).toEqual({ $secret: "TOKEN" });
    await user.selectOptions(select, "No secret");
    expect(committed()).toBeUndefined();
    expect(await seriousFindings()).toEqual([]);
  });

  it("that the server does not have is kept and named", async () => {
    const { screen } = showWidget(SECRET, { $secret: "OLD" });
    expect(await screen.findByText(/The server has no secret OLD/)).toBeTruthy();
    expect(screen.getByRole("combobox")).toHaveProperty("selectedOptions.0.textContent", "OLD");
  });

  it("never shows a value that stands in the workflow", async () => {
    const { screen } = showWidget(SECRET, "hunter2");
    expect(screen.getByText(/A value is stored in this workflow itself/)).toBeTruthy();
    expect(document.body.innerHTML).not.toContain("hunter2");
  });

  it("can take the place of a text, and give it back", async () => {
    const { user, committed, screen } = showWidget(TEXT, "", { param: paramOf(TEXT) });
    await user.click(screen.getByRole("button", { name: "Use a secret for value" }));
    await screen.findByRole("option", { name: "API_KEY" });
    await user.selectOptions(screen.getByRole("combobox"), "API_KEY");
    expect(committed()).toEqual({ $secret: "API_KEY" });
    await user.click(screen.getByRole("button", { name: "Type a value for value instead" }));
    expect(committed()).toBeUndefined();
    expect(screen.getByRole("textbox")).toHaveProperty("value", "");
  });
});
