import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Menu } from "@/ui/Menu";

afterEach(cleanup);

describe("a menu", () => {
  it("opens with the keyboard, shows keys, and does what is chosen", async () => {
    const [rename, remove] = [vi.fn(), vi.fn()];
    render(
      <Menu
        items={[
          { id: "rename", title: "Rename", keys: "F2", run: rename },
          "separator",
          { id: "remove", title: "Remove", danger: true, disabled: true, run: remove },
          { id: "snap", title: "Snap", checked: true, run: () => undefined },
        ]}
      >
        <button type="button">More</button>
      </Menu>,
    );
    screen.getByRole("button", { name: "More" }).focus();
    await userEvent.keyboard("{Enter}");
    const first = await screen.findByRole("menuitem", { name: /Rename/ });
    await vi.waitFor(() => expect(document.activeElement).toBe(first));
    expect(first.textContent).toBe("RenameF2");
    expect(screen.getByRole("menuitemcheckbox", { name: "Snap" }).getAttribute("aria-checked")).toBe("true");
    expect(screen.getByRole("menuitem", { name: "Remove" }).getAttribute("aria-disabled")).toBe("true");
    await userEvent.keyboard("{Enter}");
    expect(rename).toHaveBeenCalledOnce();
    expect(remove).not.toHaveBeenCalled();
  });
});
