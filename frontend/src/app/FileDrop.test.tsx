import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileDrop } from "@/app/FileDrop";
import { activeTab, useSession } from "@/state/session";

const TEXT = '{"nodes": [{"id": "a", "type": "viewNode"}], "edges": []}';
const data = (more: object) => ({ types: ["Files"], files: [], getData: () => "", ...more });

beforeEach(() => useSession.setState({ tabs: [], activeId: null }));
afterEach(cleanup);

describe("a workflow file", () => {
  it("opens in a tab when it is dropped anywhere", async () => {
    render(<FileDrop />);
    const dataTransfer = data({ files: [new File([TEXT], "a.json")] });
    fireEvent.dragOver(document.body, { dataTransfer });
    expect(screen.getByText(/Drop the workflow/)).toBeTruthy();
    fireEvent.drop(document.body, { dataTransfer });
    await vi.waitFor(() => expect(activeTab()?.document.workflow.nodes.has("a")).toBe(true));
  });

  it("opens in a tab when its text is pasted", async () => {
    render(<FileDrop />);
    fireEvent.paste(document.body, { clipboardData: data({ getData: () => TEXT }) });
    await vi.waitFor(() => expect(activeTab()?.document.workflow.nodes.has("a")).toBe(true));
  });

  it("is text while something is typed", () => {
    render(
      <>
        <FileDrop />
        <input />
      </>,
    );
    const event = fireEvent.paste(screen.getByRole("textbox"), {
      clipboardData: data({ getData: () => TEXT }),
    });
    expect(event).toBe(true);
    expect(useSession.getState().tabs).toHaveLength(0);
  });

  it("is not what a library item is that is dragged", () => {
    render(<FileDrop />);
    fireEvent.dragOver(document.body, { dataTransfer: data({ types: ["application/psynapse-node"] }) });
    expect(screen.queryByText(/Drop the workflow/)).toBeNull();
  });
});
