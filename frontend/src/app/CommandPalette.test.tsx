import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CommandPalette } from "@/app/CommandPalette";
import { registerCommands } from "@/state/commands_table";

beforeAll(() => {
  // What the list of choices needs of a browser and jsdom does not have.
  Element.prototype.scrollIntoView = () => undefined;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});
afterEach(cleanup);

describe("the command palette", () => {
  it("lists what can be done now, and does what is chosen after it has closed", async () => {
    const tidy = vi.fn();
    const close = vi.fn();
    const stop = registerCommands([
      { id: "t.tidy", title: "Tidy up", group: "View", keys: ["$mod+Shift+l"], run: tidy },
      { id: "t.stop", title: "Stop", group: "Run", when: () => false, run: () => undefined },
    ]);
    render(<CommandPalette onClose={close} />);
    expect(screen.queryByText("Stop")).toBeNull();
    await userEvent.type(screen.getByRole("combobox"), "tid{Enter}");
    expect(close).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(tidy).toHaveBeenCalledOnce());
    stop();
  });

  it("says so when nothing answers", async () => {
    render(<CommandPalette onClose={() => undefined} />);
    await userEvent.type(screen.getByRole("combobox"), "xyzzy");
    expect(screen.getByText("No command answers to this.")).toBeTruthy();
  });
});
