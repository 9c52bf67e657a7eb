import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDialog, openDialog } from "@/app/dialogs";
import { Toasts } from "@/app/parts";
import { useChangesTold } from "@/app/use_changes_told";
import { useChange } from "@/state/packages_change";
import { begun, ended } from "@/state/packages_change_steps";

function Page() {
  useChangesTold();
  return (
    <Suspense>
      <Toasts />
    </Suspense>
  );
}

const end = (outcome: "succeeded" | "failed", message: string, name = "scope-hello") => {
  const running = begun("enable", name);
  act(() => useChange.setState({ change: running }));
  const problem = outcome === "failed" ? { detail: message } : null;
  act(() => useChange.setState({ change: ended(running, outcome, message, problem) }));
};

beforeEach(() => {
  // jsdom has none.
  const query = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("matchMedia", () => query);
});
afterEach(() => {
  vi.unstubAllGlobals();
  cleanup();
  act(() => closeDialog());
  useChange.setState({ change: null, again: null });
});

describe("the end of a change", () => {
  it("is told in a message where the page of the packages is not open", async () => {
    render(<Page />);
    end("succeeded", "done");
    expect(await screen.findByText("Enabled scope-hello.")).toBeTruthy();
  });

  it("is told with its reason when it failed", async () => {
    render(<Page />);
    end("failed", "the node packages are being changed");
    expect(await screen.findByText("Enabling scope-hello failed.")).toBeTruthy();
    expect(screen.getByText("The node packages are being changed.")).toBeTruthy();
  });

  it("is not told twice: the open page has it", async () => {
    render(<Page />);
    act(() => openDialog("settings", "nodes"));
    end("succeeded", "done", "scope-quiet");
    act(() => closeDialog());
    end("succeeded", "done", "scope-loud");
    expect(await screen.findByText("Enabled scope-loud.")).toBeTruthy();
    expect(screen.queryByText("Enabled scope-quiet.")).toBeNull();
  });
});
