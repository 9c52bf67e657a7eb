import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StatusPanel } from "@/panels/status/StatusPanel";
import { finished } from "@/state/fake_server";
import { applyEvents, newRun } from "@/state/run_state";
import { patchRuns } from "@/state/run_store";
import { useSession } from "@/state/session_store";
import { event, WHOLE } from "@/state/test_runs";

const RUN = [
  ...WHOLE.slice(0, 5),
  event(5, "task-output", null, { stream: "stdout", text: "a line\n" }),
  finished(6, "succeeded"),
];
/** jsdom lays nothing out: a panel of 100 pixels, and as much in it as the test says. */
let content = 0;
/** Told when the list of that element has grown. */
const watching = new Map<Element, (entries: []) => void>();

function grow(box: Element, height: number): void {
  content = height;
  const [list] = box.children;
  act(() => (list ? watching.get(list)?.([]) : undefined));
}

beforeEach(() => {
  content = 1_000;
  vi.stubGlobal(
    "ResizeObserver",
    class {
      private readonly mine = new Set<Element>();
      constructor(private readonly callback: (entries: []) => void) {}
      observe(element: Element) {
        this.mine.add(element);
        watching.set(element, this.callback);
      }
      unobserve(element: Element) {
        watching.delete(element);
      }
      disconnect() {
        for (const element of this.mine) watching.delete(element);
      }
    },
  );
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(100);
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockImplementation(() => content);
  useSession.setState({ activeId: "tab" });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function show(earlier: boolean) {
  const run = applyEvents(newRun("r"), RUN);
  patchRuns("tab", { shown: { run, ran: null, expected: new Set(), isOwn: !earlier } });
  const { container } = render(<StatusPanel earlier={earlier} />);
  const box = container.querySelector("ol")?.parentElement;
  if (!box) throw new Error("there is no list");
  return box;
}

describe("the list of a run that was over before the panel was there", () => {
  it("shows its end, also when its nodes turn out to be larger", () => {
    const box = show(false);
    expect(box.scrollTop).toBe(1_000);
    grow(box, 1_500);
    expect(box.scrollTop).toBe(1_500);
  });

  it("stays where it is when the user unfolds something", async () => {
    const box = show(false);
    await userEvent.click(screen.getByRole("button", { name: /Printed by the run/ }));
    grow(box, 2_000);
    expect(box.scrollTop).toBe(1_000);
  });

  it("begins at its beginning when it is one of the history", () => {
    expect(show(true).scrollTop).toBe(0);
  });
});
