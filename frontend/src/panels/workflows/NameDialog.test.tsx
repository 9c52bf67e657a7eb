import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NameDialog } from "@/panels/workflows/NameDialog";

afterEach(cleanup);

function show(onName: (name: string) => Promise<string>) {
  const onClose = vi.fn();
  render(<NameDialog title="Save" initial="" confirm="Save" onName={onName} onClose={onClose} />);
  return onClose;
}

describe("asking for a name", () => {
  it("closes when the name was taken", async () => {
    const onName = vi.fn(async () => "");
    const onClose = show(onName);
    await userEvent.type(screen.getByLabelText("Name"), "  sums {Enter}");
    expect(onName).toHaveBeenCalledWith("sums");
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("stays open and says why another name is needed", async () => {
    const onClose = show(async () => "There is one already.");
    await userEvent.type(screen.getByLabelText("Name"), "sums{Enter}");
    expect(await screen.findByText("There is one already.")).toBeTruthy();
    expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
    expect(onClose).not.toHaveBeenCalled();
  });

  it("takes no empty name", () => {
    show(async () => "");
    expect(screen.getByRole("button", { name: "Save" }).hasAttribute("disabled")).toBe(true);
  });
});
