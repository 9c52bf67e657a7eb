import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { SENT, serveValues, showValue } from "@/displays/display_testing";

describe("the buttons of a value", () => {
  it("copy all of it, although only a part came", async () => {
    const asked = serveValues(() => "the whole text");
    const { user } = showValue(SENT.long_text ?? null);
    await user.click(screen.getByRole("button", { name: "Copy" }));
    await screen.findByRole("button", { name: "Copied" });
    expect(await navigator.clipboard.readText()).toBe("the whole text");
    expect(asked).toEqual(["/runs/r1/values/long_text/output"]);
  });

  it("refuse to copy what no clipboard takes", async () => {
    const { user } = showValue({
      $preview: "list",
      summary: "list",
      size: 300_000_000,
      head: [1],
      href: "/x",
    });
    await user.click(screen.getByRole("button", { name: "Copy" }));
    expect(screen.getByRole("alert").textContent).toMatch(/300 MB are too much for the clipboard/);
  });

  it("download an image as an image, named after its node", async () => {
    const saved: { name: string; type: string }[] = [];
    let type = "";
    URL.createObjectURL = (blob: Blob) => {
      type = blob.type;
      return "blob:1";
    };
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      saved.push({ name: this.download, type });
    });
    serveValues(() => SENT.image ?? null);
    const { user } = showValue(SENT.large_image ?? null);
    await user.click(screen.getByRole("button", { name: "Download the whole value" }));
    await waitFor(() => expect(saved).toEqual([{ name: "large_image.png", type: "image/png" }]));
  });

  it("open all of it in a window of its own", async () => {
    const asked = serveValues(() => Array.from({ length: 100 }, (_, index) => `whole ${index}`));
    const { user } = showValue(SENT.long_list ?? null, "node");
    await user.click(screen.getByRole("button", { name: "Open large" }));
    const dialog = await screen.findByRole("dialog", { name: "list of 5,000 items" });
    await within(dialog).findByText('"whole 3"');
    expect(asked).toEqual(["/runs/r1/values/long_list/output"]);
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("load much only when told, and say why it cannot be had", async () => {
    const asked = serveValues(() => Response.json({ detail: "gone" }, { status: 410 }));
    const { user } = showValue({
      $preview: "list",
      summary: "list of 9",
      size: 50_000_000,
      head: [1],
      href: "/x",
    });
    await user.click(screen.getByRole("button", { name: "Open large" }));
    const load = await screen.findByRole("button", { name: "Load all of it, 50 MB" });
    expect(asked).toEqual([]);
    await user.click(load);
    expect((await screen.findByRole("alert")).textContent).toMatch(/no longer kept/);
    expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy();
  });
});
