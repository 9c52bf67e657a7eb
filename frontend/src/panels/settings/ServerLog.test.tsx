import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerLog } from "@/panels/settings/ServerLog";
import { NO_LOG, useLogStore } from "@/state/server_log";

const PAGE = 2_000;
/** What the server has said: it tells it page by page, as the real one does. */
let said: { level: string; text: string }[] = [];
let isAway = false;
let asked: string[] = [];

beforeEach(() => {
  said = [
    { level: "info", text: "it began" },
    { level: "warning", text: "it went on unlogged" },
    { level: "error", text: "it broke off" },
  ];
  isAway = false;
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { search, searchParams } = new URL(request.url);
    asked.push(search);
    if (isAway) throw new TypeError("nobody there");
    const after = Number(searchParams.get("after"));
    const at = "2026-01-02T03:04:05.678+00:00";
    const lines = said.slice(after, after + PAGE).map(({ level, text }, index) => {
      return { seq: after + index + 1, at, level, source: "psynapse", text, earlier: false };
    });
    return Response.json({ boot_id: "a", first: 1, last: said.length, lines });
  });
  // jsdom lays nothing out, and a list without a height draws no rows.
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(600);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
  useLogStore.setState(NO_LOG, true);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const shown = () => screen.getAllByRole("listitem").map((item) => item.textContent);

describe("the server's log", () => {
  it("shows what was said with when and by whom, and of what weight", async () => {
    render(<ServerLog />);
    await screen.findByText("it broke off");
    expect(screen.getAllByRole("listitem").map((item) => item.dataset.level)).toEqual([
      "info",
      "warning",
      "error",
    ]);
    expect(shown()[1]).toContain("warning");
    expect(shown()[1]).toContain("psynapse");
    expect(screen.getByText("3 lines")).toBeTruthy();
  });

  it("goes on while it is looked at", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    render(<ServerLog />);
    await screen.findByText("it broke off");
    said.push({ level: "info", text: "it came back" });
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.getByText("it came back")).toBeTruthy();
    expect(asked).toEqual(["?after=0", "?after=3"]);
    cleanup();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(2);
  });

  it("can be narrowed to words and copied as it is shown", async () => {
    const user = userEvent.setup();
    render(<ServerLog />);
    await screen.findByText("it broke off");
    await user.type(screen.getByLabelText("Find in the log"), "unlogged");
    expect(shown()).toHaveLength(1);
    expect(screen.getByText("1 of 3 lines")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Copy" }));
    expect(await navigator.clipboard.readText()).toBe(
      "2026-01-02T03:04:05.678+00:00 WARNING psynapse: it went on unlogged\n",
    );
    await user.type(screen.getByLabelText("Find in the log"), " by nobody");
    expect(screen.getByText("No such lines")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Copy" })).toHaveProperty("disabled", true);
  });

  it("says so when the server is away, and keeps what came", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    render(<ServerLog />);
    await screen.findByText("it broke off");
    isAway = true;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.getByRole("alert").textContent).toContain("cannot be reached");
    expect(shown()).toHaveLength(3);
    isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("draws a few of very many lines", async () => {
    said = Array.from({ length: 21_000 }, (_, index) => ({ level: "info", text: `line ${index}` }));
    render(<ServerLog />);
    await waitFor(() => expect(screen.getByText("21,000 lines")).toBeTruthy());
    expect(asked).toHaveLength(11);
    expect(shown().length).toBeLessThan(100);
  });
});
