import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDialog } from "@/app/dialogs";
import { TabBar } from "@/app/TabBar";
import { setValue } from "@/document/commands";
import { parseWorkflow } from "@/graph/file";
import { activeDocument, closeTab, newTab, useSession } from "@/state/session";

const NODES = { nodes: [{ id: "a", type: "viewNode", data: {} }], edges: [] };

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network in tests")));
  newTab(parseWorkflow({ ...NODES, title: "Sums and a product" }));
  newTab(parseWorkflow({ ...NODES, title: "Other" }));
});
afterEach(async () => {
  cleanup();
  useDialog.setState({ open: null });
  for (const { id } of useSession.getState().tabs) await closeTab(id, { discard: true });
  for (const { id } of useSession.getState().tabs.slice(1)) await closeTab(id, { discard: true });
});

const tab = (name: RegExp) => screen.getByRole("tab", { name });
const selected = () => screen.getByRole("tab", { selected: true }).textContent;

describe("the tabs of open workflows", () => {
  it("are called after the template that they were begun with, and say that they are a copy", () => {
    render(<TabBar />);
    expect(tab(/^Sums and a product/).textContent).toContain(
      "A copy of “Sums and a product”, not saved to the server yet; kept in this browser",
    );
  });

  it("are gone through with the arrow keys", async () => {
    render(<TabBar />);
    act(() => tab(/^Other/).focus());
    await userEvent.keyboard("{ArrowLeft}");
    expect(selected()).toContain("Sums and a product");
    expect(document.activeElement).toBe(tab(/^Sums and a product/));
  });

  it("are asked about before they are closed when something would be lost", async () => {
    render(<TabBar />);
    await userEvent.click(tab(/^Sums and a product/));
    act(() => {
      const document = activeDocument();
      if (document) setValue(document, "a", "label", "Sum");
    });
    await userEvent.keyboard("{Delete}");
    expect(useDialog.getState().open?.name).toBe("close");
    expect(tab(/^Sums and a product/)).toBeTruthy();
  });

  it("have a menu at the secondary button", async () => {
    render(<TabBar />);
    await userEvent.pointer({ keys: "[MouseRight]", target: tab(/^Other/) });
    await userEvent.click(await screen.findByRole("menuitem", { name: "Save as …" }));
    expect(useDialog.getState().open?.name).toBe("save-as");
  });

  it("are opened with the button after them", async () => {
    render(<TabBar />);
    const before = screen.getAllByRole("tab").length;
    await userEvent.click(screen.getByRole("button", { name: "New workflow" }));
    expect(screen.getAllByRole("tab")).toHaveLength(before + 1);
    expect(selected()).toContain("Untitled");
  });
});
