import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SENT, serveValues, showValue } from "@/displays/display_testing";
import { seriousFindings } from "@/widgets/accessibility_testing";

describe("a long text", () => {
  it("is fetched further when asked for, from where it ended", async () => {
    const text = "word ".repeat(5000);
    const asked = serveValues((_, query) => {
      const start = Number(query.get("start"));
      return text.slice(start, start + Number(query.get("count")));
    });
    const { user, container } = showValue(SENT.long_text ?? null);
    await user.click(screen.getByRole("button", { name: "Show more" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "Show more" })).toBeNull());
    const shown = [...container.querySelectorAll("pre")].map((part) => part.textContent).join("");
    expect(shown).toBe(text);
    expect(asked).toHaveLength(1);
  });

  it("counts as Python does where characters need two places", () => {
    const head = "😀".repeat(10);
    showValue({ $preview: "text", summary: "text of 30 characters", size: 120, head, href: "/x" });
    expect(screen.getByText(/10 of 30 characters/)).toBeTruthy();
  });

  it("offers nothing more where there is nothing to fetch", () => {
    showValue({ $preview: "text", summary: "text of 30 characters", size: 30, head: "abc", href: "" });
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });
});

describe("Markdown", () => {
  const TEXT = [
    "# Title",
    "[link](https://example.org) [bad](javascript:alert(1))",
    "![far](https://example.org/a.png) ![near](data:image/png;base64,AAAA)",
    "<img src=x onerror=alert(1)>",
    "- [x] done",
  ].join("\n\n");

  it("is shown as such, without HTML, scripts or anything fetched from elsewhere", async () => {
    const { container } = showValue(TEXT);
    await screen.findByRole("heading", { name: "Title" });
    expect([...container.querySelectorAll("img")].map((image) => image.getAttribute("alt"))).toEqual([
      "near",
    ]);
    expect(screen.getByRole("link", { name: "far" })).toBeTruthy();
    expect(container.innerHTML).not.toMatch(/javascript:|onerror/);
    expect(await seriousFindings(container)).toEqual([]);
  });

  it("can be seen as the text that it is", async () => {
    const { user } = showValue(TEXT);
    await screen.findByRole("heading", { name: "Title" });
    await user.click(screen.getByRole("button", { name: "Text" }));
    expect(screen.queryByRole("heading")).toBeNull();
    expect(screen.getByText(/# Title/)).toBeTruthy();
  });
});
