import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { IconButton } from "@/ui/IconButton";

afterEach(cleanup);

const REASON = "there is nothing to print.";

function page(unavailable: string) {
  const press = vi.fn();
  render(
    <IconButton label="Print" unavailable={unavailable} onClick={press}>
      <i />
    </IconButton>,
  );
  return { press, button: screen.getByRole("button", { name: "Print" }) };
}

it("does nothing while it is unavailable, and says why to those who come to it", async () => {
  const { press, button } = page(REASON);
  await userEvent.tab();
  expect(document.activeElement).toBe(button);
  await userEvent.keyboard("{Enter}");
  await userEvent.click(button);
  expect(press).not.toHaveBeenCalled();
  expect(button.getAttribute("aria-disabled")).toBe("true");
  expect(button.getAttribute("aria-description")).toBe(REASON);
  expect(button.dataset.tooltip).toBe(`Print: ${REASON}`);
});

it("says no more than its name otherwise", async () => {
  const { press, button } = page("");
  await userEvent.click(button);
  expect(press).toHaveBeenCalledOnce();
  expect(button.hasAttribute("aria-disabled")).toBe(false);
  expect(button.hasAttribute("aria-description")).toBe(false);
  expect(button.dataset.tooltip).toBe("Print");
});
