import { cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { later } from "@/ui/later";

afterEach(cleanup);

const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>;

describe("a component that is fetched later", () => {
  it("shows what is there instead until its code has come", async () => {
    const Late = later(async () => Greeting);
    render(
      <Suspense fallback="Wait">
        <Late name="Ada" />
      </Suspense>,
    );
    expect(screen.getByText("Wait")).toBeTruthy();
    expect(await screen.findByText("Hello Ada")).toBeTruthy();
  });

  it("is there at once when its code was fetched before, and is fetched only once", async () => {
    const load = vi.fn(async () => Greeting);
    const Late = later(load);
    await Promise.all([Late.fetch(), Late.fetch()]);
    render(<Late name="Ada" />);
    expect(screen.getByText("Hello Ada")).toBeTruthy();
    expect(load).toHaveBeenCalledOnce();
  });

  it("is asked for again after the network was away", async () => {
    const load = vi.fn(async () => Greeting).mockRejectedValueOnce(new Error("away"));
    const Late = later(load);
    await Late.fetch();
    await Late.fetch();
    render(<Late name="Ada" />);
    expect(screen.getByText("Hello Ada")).toBeTruthy();
  });
});
