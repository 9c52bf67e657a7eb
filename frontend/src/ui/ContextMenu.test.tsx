import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ContextMenu } from "@/ui/ContextMenu";

afterEach(cleanup);

describe("a context menu", () => {
  it("opens with the secondary button, does what is chosen and gives the focus back", async () => {
    const rename = vi.fn();
    render(
      <ContextMenu label="Workflow" items={[{ id: "rename", title: "Rename", run: rename }]}>
        <div>
          <button type="button">Sums</button>
        </div>
      </ContextMenu>,
    );
    const owner = screen.getByRole("button", { name: "Sums" });
    fireEvent.contextMenu(owner, { button: 2, clientX: 10, clientY: 10 });
    const item = await screen.findByRole("menuitem", { name: "Rename" });
    expect(screen.getByRole("menu", { name: "Workflow" })).toBeTruthy();
    await userEvent.click(item);
    expect(rename).toHaveBeenCalledOnce();
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(owner);
  });
});
