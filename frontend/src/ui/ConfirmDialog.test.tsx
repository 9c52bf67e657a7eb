import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConfirmDialog } from "@/ui/ConfirmDialog";

afterEach(cleanup);

function show() {
  const [onOpenChange, onConfirm] = [vi.fn(), vi.fn()];
  render(
    <ConfirmDialog
      open
      onOpenChange={onOpenChange}
      title="Delete “sums”?"
      description="This cannot be undone."
      confirm="Delete"
      onConfirm={onConfirm}
    />,
  );
  return { onOpenChange, onConfirm };
}

describe("a question before something is lost", () => {
  it("is a dialog with a name and a description", () => {
    show();
    expect(
      screen.getByRole("dialog", { name: "Delete “sums”?", description: "This cannot be undone." }),
    ).toBeTruthy();
  });

  it("begins with the focus on the way out", () => {
    show();
    expect(document.activeElement?.textContent).toBe("Cancel");
  });

  it("does nothing when it is escaped from", async () => {
    const { onOpenChange, onConfirm } = show();
    await userEvent.keyboard("{Escape}");
    expect(onOpenChange).toHaveBeenCalledWith(false);
    expect(onConfirm).not.toHaveBeenCalled();
  });

  it("does it when it is agreed to", async () => {
    const { onConfirm } = show();
    await userEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(onConfirm).toHaveBeenCalledOnce();
  });
});
