import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TemplatesDialog } from "@/panels/templates/TemplatesDialog";
import { templatesResource } from "@/state/templates";

const HELLO = {
  name: "hello",
  title: "Hello",
  description: "Greets somebody.",
  nodes: 3,
  tags: ["text"],
  order: 1,
  level: "first steps",
  teaches: "Wires.",
  picture: "/templates/hello/picture?v=1",
};
const MODEL = { ...HELLO, name: "model", title: "Ask", level: "advanced", tags: ["models"], picture: null };
const WORKFLOW = { nodes: [{ id: "a", type: "viewNode", data: {} }], edges: [] };

beforeEach(async () => {
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const { pathname } = new URL(new Request(input).url);
    return Response.json(pathname.endsWith("/templates") ? { templates: [HELLO, MODEL] } : WORKFLOW);
  });
  await templatesResource.refresh();
  render(<TemplatesDialog open onOpenChange={() => undefined} />);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const button = (name: string) => screen.getByRole("button", { name });
const card = (name: string) => button(name).closest("article") as HTMLElement;

describe("the gallery of templates", () => {
  it("goes from first steps to advanced ones", () => {
    const levels = screen.getAllByRole("region", { name: /First steps|Advanced/ });
    expect(levels.map((level) => within(level).getAllByRole("button").length)).toEqual([1, 1]);
    expect(screen.getAllByRole("heading", { level: 3 }).map((one) => one.textContent)).toEqual([
      "First steps",
      "Advanced",
    ]);
  });

  it("has a card for each, called by its title and described by what it does and teaches", () => {
    expect(document.activeElement).toBe(button("Hello"));
    const words = document.getElementById(button("Hello").getAttribute("aria-describedby") ?? "");
    expect(words?.textContent).toBe("Greets somebody.Learn: Wires.");
  });

  it("shows the picture that the server has, which says nothing that the card does not", () => {
    const picture = card("Hello").querySelector("img");
    expect(picture?.src).toMatch(/\/templates\/hello\/picture\?v=1$/);
    expect(picture?.alt).toBe("");
  });

  it("draws the graph where there is no picture, or where it does not come", async () => {
    await vi.waitFor(() => expect(card("Ask").querySelectorAll("svg rect")).toHaveLength(1));
    fireEvent.error(card("Hello").querySelector("img") as HTMLElement);
    await vi.waitFor(() => expect(card("Hello").querySelectorAll("svg rect")).toHaveLength(1));
  });

  it("opens one with the keyboard", async () => {
    await userEvent.tab();
    expect(document.activeElement).toBe(button("Ask"));
  });
});
