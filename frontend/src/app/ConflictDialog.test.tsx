import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { active, Browser, until, workflowWith } from "@/state/test_page";

const browser = new Browser();
afterEach(cleanup);

/** The dialog over a workflow "w" that was edited here ("mine") and on the server ("theirs"). */
async function inConflict() {
  const page = await browser.pageWithW();
  page.type("mine");
  browser.server.change("w", workflowWith("theirs"));
  await until(() => expect(active(page)?.status).toBe("conflict"));
  const { ConflictDialog } = await import("@/app/ConflictDialog");
  function Shown() {
    const tab = page.session.useActiveTab();
    return tab ? <ConflictDialog tab={tab} /> : null;
  }
  render(<Shown />);
  await screen.findByRole("dialog", { name: "“w” was changed elsewhere" });
  return page;
}

const press = (name: string) => userEvent.click(screen.getByRole("button", { name }));
const settled = () => waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

describe("the dialog about a workflow that was changed elsewhere", () => {
  it("shows what differs before anything is chosen", async () => {
    await inConflict();
    expect(screen.getByRole("list", { name: "What differs" }).textContent).toContain(
      "Not the same (1): shout",
    );
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
  });

  it("keeps mine over what the server has", async () => {
    await inConflict();
    await press("Keep mine");
    await settled();
    expect(browser.server.workflow("w")).toEqual(workflowWith("mine"));
  });

  it("takes theirs, and undo brings mine back", async () => {
    const page = await inConflict();
    await press("Take theirs");
    await settled();
    expect(page.typed()).toBe("theirs");
    page.session.undo();
    expect(page.typed()).toBe("mine");
  });

  it("saves mine as a copy, under a name that is free", async () => {
    browser.server.change("taken", workflowWith("other"));
    await inConflict();
    const name = screen.getByRole("textbox", { name: "Name of the copy" });
    await userEvent.clear(name);
    await userEvent.type(name, "taken");
    await press("Save mine as a copy");
    expect(await screen.findByText("There is a workflow of this name already. Choose another.")).toBeTruthy();
    await userEvent.clear(name);
    await userEvent.type(name, "my copy");
    await press("Save mine as a copy");
    await settled();
    expect(browser.server.workflow("my copy")).toEqual(workflowWith("mine"));
    expect(browser.server.workflow("w")).toEqual(workflowWith("theirs"));
  });
});
