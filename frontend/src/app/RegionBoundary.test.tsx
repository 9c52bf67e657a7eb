import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RegionBoundary } from "@/app/RegionBoundary";

afterEach(cleanup);
let broken = true;

function Part() {
  if (broken) throw new Error("The part broke");
  return <p>All is well</p>;
}

describe("a region that fails", () => {
  it("says so in its place, and can be tried again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    broken = true;
    render(
      <>
        <p>The rest</p>
        <RegionBoundary name="library">
          <Part />
        </RegionBoundary>
      </>,
    );
    expect(screen.getByText("The rest")).toBeTruthy();
    expect(screen.getByText("The library has failed")).toBeTruthy();
    broken = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(screen.getByText("All is well")).toBeTruthy();
  });

  it("gives details to copy", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    broken = true;
    const user = userEvent.setup();
    render(
      <RegionBoundary name="library">
        <Part />
      </RegionBoundary>,
    );
    await user.click(screen.getByRole("button", { name: "Copy details" }));
    expect(await navigator.clipboard.readText()).toContain("The part broke");
  });
});
